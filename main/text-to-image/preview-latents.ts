import type { Pixels } from '../image/pixels.ts';
import type { DecoderFamily } from './families/decoder-family.ts';

type PreviewColours = DecoderFamily['preview'];

/** True for the latent space the projection below was fitted to. */
export function canProjectLatents({ colours, scale: fitted }: PreviewColours, channels: number, scale: number): boolean {
  return channels === colours.length && Math.abs(scale - fitted) < 1e-6;
}

/** A picture at the latents' own size from clean latents [channels, height, width] of the denoiser's range: one linear map, no model run. */
export function projectLatents({ colours, base }: PreviewColours, latents: Float32Array, width: number, height: number): Pixels {
  const area = width * height;
  const data = new Uint8ClampedArray(3 * area);
  for (let pixel = 0; pixel < area; pixel += 1) {
    for (let colour = 0; colour < 3; colour += 1) {
      let value = base[colour] ?? 0;
      for (const [channel, weights] of colours.entries()) {
        value += (latents[channel * area + pixel] ?? 0) * (weights[colour] ?? 0);
      }
      data[pixel * 3 + colour] = (value / 2 + 0.5) * 255;
    }
  }
  return { width, height, channels: 3, data: new Uint8Array(data.buffer) };
}
