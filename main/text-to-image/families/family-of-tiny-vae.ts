import type { DecoderFamily } from './decoder-family.ts';
import { flux } from './flux.ts';
import { stableDiffusion1 } from './stable-diffusion-1.ts';
import { stableDiffusion3 } from './stable-diffusion-3.ts';
import { stableDiffusionXl } from './stable-diffusion-xl.ts';

/** Whose latents a tiny autoencoder knows. Graphs and configs of all of them are alike, so what it is called has to tell: TAESD, TAESDXL, TAESD3, TAEF1. */
export function familyOfTinyVae(called: string): DecoderFamily {
  if (/xl/i.test(called)) return stableDiffusionXl;
  if (/sd-?3|diffusion-3/i.test(called)) return stableDiffusion3;
  return /flux|taef/i.test(called) ? flux : stableDiffusion1;
}
