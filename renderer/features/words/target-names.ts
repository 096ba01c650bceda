/** The targets of the token counter, as people call them. */
export const targetNames: Readonly<Record<string, string>> = {
  studio: 'This pack',
  plain: 'Plain text',
  midjourney: 'Midjourney',
  sdxl: 'SDXL',
  a1111: 'A1111',
  comfyui: 'ComfyUI',
};
