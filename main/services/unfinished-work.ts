import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorBodySchema } from '../../contract/errors.ts';
import { writeWhole } from '../files/write-whole.ts';

/** How far a search is. */
export const searchStateSchema = z.object({
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
export type SearchState = z.infer<typeof searchStateSchema>;

/** The pairs of a matrix that a language model wrote nothing of use for, by the ids of both texts. */
export const refusedPairsSchema = z.array(z.object({ a: z.string(), b: z.string(), error: errorBodySchema }));
export type RefusedPairs = z.infer<typeof refusedPairsSchema>;

/**
 * How far work is that starts again, where the library does not say: what was done is not done, and paid, twice. Small files in the cache, gone
 * when the work ends; one that cannot be read is work that begins anew.
 */
export class UnfinishedWork<State> {
  readonly #folder: string | null;
  readonly #schema: z.ZodType<State>;
  /** What would lie in files, where there is no folder. */
  readonly #here = new Map<string, State>();

  /** @param folder null remembers nothing for another start of the studio */
  constructor(folder: string | null, schema: z.ZodType<State>) {
    this.#folder = folder;
    this.#schema = schema;
  }

  /** @param asked all that decides the work: it goes on only where all of it is the same */
  async find(asked: unknown): Promise<State | null> {
    if (this.#folder === null) return this.#here.get(keyOf(asked)) ?? null;
    const text = await readFile(pathOf(this.#folder, asked), 'utf8').catch(() => null);
    if (text === null) return null;
    try {
      return this.#schema.parse(JSON.parse(text));
    } catch {
      // Half a file, or one of another studio: the work begins anew, which is what it is for.
      return null;
    }
  }

  async keep(asked: unknown, state: State): Promise<void> {
    if (this.#folder === null) {
      this.#here.set(keyOf(asked), state);
      return;
    }
    await mkdir(this.#folder, { recursive: true });
    await writeWhole(pathOf(this.#folder, asked), JSON.stringify(state), { flush: false });
  }

  async drop(asked: unknown): Promise<void> {
    if (this.#folder === null) this.#here.delete(keyOf(asked));
    else await rm(pathOf(this.#folder, asked), { force: true });
  }
}

const keyOf = (asked: unknown): string => createHash('sha256').update(JSON.stringify(asked)).digest('hex');
const pathOf = (folder: string, asked: unknown): string => join(folder, `${keyOf(asked)}.json`);
