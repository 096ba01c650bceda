import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { requireMemory } from '../../../../main/engine/memory/require-memory.ts';
import { measureGraph } from '../../../../main/tensor/measure-graph.ts';
import { readDecoderFolder } from '../../../../main/text-to-image/read-decoder-folder.ts';

const folder = fileURLToPath(new URL('../../../fixtures/models/tiny-stable-diffusion', import.meta.url));
const weigh = async (path: string): Promise<number> => 1.3 * (await measureGraph(path));
const drawing = { width: 1024, height: 1024, count: 1, guidance: 5 };

describe('a drawing that cannot fit', () => {
  it('is refused before anything is loaded, with what it needs, what there is, and what would fit', async () => {
    const config = { ...(await readDecoderFolder(folder)), attention: { heads: 8, shrink: 1 } };
    const room = { baselineBytes: 100e6, memoryBudgetBytes: 3.9e9, weigh };
    const told = requireMemory({ config }, drawing, room);
    await expect(told).rejects.toMatchObject({
      code: 'memory-exceeded',
      message: 'A picture of 1024 × 1024 needs 17.3 GB of memory at least, and the studio may use 3.9 GB.',
      hint: expect.stringMatching(/^\d+ × \d+ would fit; or raise/) as string,
      details: { part: 'denoiser' },
    });
    const { details } = (await told.catch((error: unknown) => error)) as { details: Record<string, number> };
    const fitting = { ...drawing, width: details['smallerWidth'] ?? 0, height: details['smallerHeight'] ?? 0 };
    await expect(requireMemory({ config }, fitting, room)).resolves.toBeUndefined();
    await expect(requireMemory({ config }, drawing, { ...room, memoryBudgetBytes: 20e9 })).resolves.toBeUndefined();
  });

  it('is told to take another model where no size fits, and is not weighed where it runs elsewhere', async () => {
    const config = await readDecoderFolder(folder);
    const elsewhere = { baselineBytes: 0, memoryBudgetBytes: 1000, weigh: () => Promise.resolve(0) };
    await expect(requireMemory({ config }, drawing, elsewhere)).resolves.toBeUndefined();
    await expect(requireMemory({ config }, drawing, { ...elsewhere, weigh })).rejects.toMatchObject({
      code: 'memory-exceeded',
      hint: expect.stringMatching(/^Choose a smaller model/) as string,
    });
  });
});
