import { describe, expect, it } from 'vitest';
import { stableDiffusion1 } from '../../../main/text-to-image/families/stable-diffusion-1.ts';
import { canProjectLatents, projectLatents } from '../../../main/text-to-image/preview-latents.ts';

const { preview } = stableDiffusion1;

describe('projectLatents', () => {
  it('shows nothing as grey and the first channel as warm light', () => {
    expect([...projectLatents(preview, new Float32Array(4), 1, 1).data]).toEqual([128, 128, 128]);
    expect([...projectLatents(preview, Float32Array.of(1, 0, 0, 0), 1, 1).data]).toEqual([172, 157, 169]);
  });

  it('keeps pixels apart and within range', () => {
    const image = projectLatents(preview, Float32Array.of(100, 0, 0, 0, 0, 0, 0, 0), 2, 1);
    expect(image).toMatchObject({ width: 2, height: 1, channels: 3 });
    expect([...image.data]).toEqual([255, 255, 255, 128, 128, 128]);
  });

  it('knows which latent space it was fitted to', () => {
    expect(canProjectLatents(preview, 4, 0.18215)).toBe(true);
    expect(canProjectLatents(preview, 4, 0.13025)).toBe(false);
    expect(canProjectLatents(preview, 16, 0.18215)).toBe(false);
  });
});
