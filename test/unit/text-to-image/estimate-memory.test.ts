import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { estimateMemory, findFittingSize } from '../../../main/text-to-image/estimate-memory.ts';
import { readDecoderFolder } from '../../../main/text-to-image/read-decoder-folder.ts';
import type { DecoderConfig } from '../../../main/text-to-image/read-decoder-folder.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/models/${name}`, import.meta.url));
/** The toy with the sizes that Stable Diffusion 1.5 has. */
const sd15 = async (): Promise<DecoderConfig> => ({
  ...(await readDecoderFolder(fixture('tiny-stable-diffusion'))),
  attention: { heads: 8, shrink: 1 },
  decoder: { channels: [128, 256, 512, 512], attends: true },
  multipleOf: 64,
});
const weights = { text: 0.6e9, denoiser: 4.4e9, vae: 0.25e9 };

describe('what a drawing takes at the least', () => {
  it('is the part that takes the most, with what lies beside its weights', async () => {
    const config = await sd15();
    // Scores of 4,096 cells to one another, of 8 heads, twice for guidance.
    const attention = 2 * 8 * 4096 ** 2 * 4;
    expect(estimateMemory(config, weights, { width: 512, height: 512 }, 2)).toEqual({
      part: 'denoiser',
      bytes: 4.4e9 + attention,
    });
    // Of the VAE: 256 channels in and 128 out, over every pixel.
    const small = { ...weights, denoiser: 0 };
    const alone = { ...config, attention: null };
    expect(estimateMemory(alone, small, { width: 512, height: 512 }, 2)).toEqual({
      part: 'vae',
      bytes: 0.25e9 + 384 * 512 ** 2 * 4,
    });
  });

  it('does not grow with the picture where that is decoded in tiles', async () => {
    const alone = { ...(await sd15()), attention: null };
    const bytesOf = (side: number): number => estimateMemory(alone, weights, { width: side, height: side }, 1).bytes;
    expect(bytesOf(4096)).toBe(bytesOf(2048));
  });

  it('knows heads and levels of U-Nets and transformers by their configs', async () => {
    const attentionOf = async (folder: string) => (await readDecoderFolder(fixture(folder))).attention;
    expect(await attentionOf('tiny-sdxl')).toEqual({ heads: 2, shrink: 2 });
    expect(await attentionOf('tiny-flux')).toEqual({ heads: 2, shrink: 2 });
  });
});

describe('what would fit', () => {
  it('is the largest picture of the same shape', async () => {
    const config = await sd15();
    const order = [weights, { width: 1536, height: 1024 }, 2] as const;
    const room = estimateMemory(config, weights, { width: 768, height: 512 }, 2).bytes;
    expect(findFittingSize(config, ...order, room)).toEqual({ width: 768, height: 512 });
    expect(findFittingSize(config, ...order, room - 1)).toEqual({ width: 704, height: 448 });
  });

  it('is nothing where the weights alone are too much', async () => {
    expect(findFittingSize(await sd15(), weights, { width: 512, height: 512 }, 2, 4e9)).toBeNull();
  });
});
