import { say } from '../../language/say.ts';

const products: Readonly<Record<string, string>> = {
  midjourney: 'Midjourney',
  sdxl: 'SDXL',
  a1111: 'A1111',
  comfyui: 'ComfyUI',
  invokeai: 'InvokeAI',
  fooocus: 'Fooocus',
};

/** A target of the token counter, as people call it. */
export function nameTarget(target: string): string {
  if (target === 'studio') return say('words.target.studio');
  return target === 'plain' ? say('words.target.plain') : (products[target] ?? target);
}
