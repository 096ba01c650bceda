import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../files/write-whole.ts';

const stateSchema = z.object({
  /** By place; −1 where there is no word. */
  tokenIds: z.array(z.number().int()),
  /** Sweeps that are done; −1 while the text still grows. */
  sweeps: z.number().int(),
  /** How often the decoder was asked, and in how many calls. */
  evaluations: z.number().int().nonnegative(),
  calls: z.number().int().nonnegative(),
  /** Tokens of its text, and the words tried at each place, so that nothing is asked twice. */
  tried: z.array(z.array(z.object({ tokenId: z.number().int(), probability: z.number() }))),
});
export type SearchState = z.infer<typeof stateSchema>;

/**
 * How far searches are, so that a death costs one no more than the sweep it was at. Small files in the cache, gone when a search ends; one that
 * cannot be read is begun again.
 */
export class UnfinishedSearches {
  readonly #folder: string | null;

  /** @param folder null remembers nothing for another start */
  constructor(folder: string | null) {
    this.#folder = folder;
  }

  /** @param asked all that decides a search: it goes on only where all of it is the same */
  async find(asked: unknown): Promise<SearchState | null> {
    if (this.#folder === null) return null;
    const text = await readFile(this.#pathOf(this.#folder, asked), 'utf8').catch(() => null);
    if (text === null) return null;
    try {
      return stateSchema.parse(JSON.parse(text));
    } catch {
      // Half a file, or one of another studio: the search begins anew, which is what it is for.
      return null;
    }
  }

  async keep(asked: unknown, state: SearchState): Promise<void> {
    if (this.#folder === null) return;
    await mkdir(this.#folder, { recursive: true });
    await writeWhole(this.#pathOf(this.#folder, asked), JSON.stringify(state), { flush: false });
  }

  async drop(asked: unknown): Promise<void> {
    if (this.#folder !== null) await rm(this.#pathOf(this.#folder, asked), { force: true });
  }

  #pathOf(folder: string, asked: unknown): string {
    return join(folder, `${createHash('sha256').update(JSON.stringify(asked)).digest('hex')}.json`);
  }
}
