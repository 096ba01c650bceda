import type { Pixels } from '../image/pixels.ts';

/** Red, green and blue of each latent channel of Stable Diffusion 1.x and 2.x, fitted by ComfyUI (comfy/latent_formats.py, SD15). */
const stableDiffusionColours = [
  [0.3512, 0.2297, 0.3227],
  [0.325, 0.4974, 0.235],
  [-0.2829, 0.1762, 0.2721],
  [-0.212, -0.2616, -0.7177],
] as const;

/** True for the latent space the projection below was fitted to. */
export function canProjectLatents(channels: number, scale: number): boolean {
  return channels === stableDiffusionColours.length && Math.abs(scale - 0.18215) < 1e-6;
}

/** A picture at the latents' own size from clean latents [4, height, width] of the denoiser's range: one linear map, no model run. */
export function projectLatents(latents: Float32Array, width: number, height: number): Pixels {
  const area = width * height;
  const data = new Uint8ClampedArray(3 * area);
  for (let pixel = 0; pixel < area; pixel += 1) {
    for (let colour = 0; colour < 3; colour += 1) {
      let value = 0;
      for (const [channel, weights] of stableDiffusionColours.entries()) {
        value += (latents[channel * area + pixel] ?? 0) * (weights[colour] ?? 0);
      }
      data[pixel * 3 + colour] = (value / 2 + 0.5) * 255;
    }
  }
  return { width, height, channels: 3, data: new Uint8Array(data.buffer) };
}
