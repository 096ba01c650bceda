import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createPackRegistry } from '../../../main/packs/create-pack-registry.ts';
import type { Scorer } from '../../../main/ports/scorer.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { TokenTables } from '../../../main/services/token-tables.ts';
import { TokenizerCache } from '../../../main/services/tokenizer-cache.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dediffusion-tables-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('asks a scorer for each word once, and keeps that for another start unless the file is damaged', async () => {
  const packs = createPackRegistry({ userFolder: join(folder, 'packs'), verifiedFile: null, log: () => undefined });
  const pack = await packs.resolvePack('tiny-scenes');
  const tokenizer = await new TokenizerCache().take(pack);
  let asked = 0;
  const scorer: Pick<Scorer, 'embed'> = {
    embed: ({ rows }) => {
      asked += rows?.tokenIds.length ?? 0;
      const vectors = [...(rows?.tokenIds ?? [])].flatMap((id) => [Math.cos(id), Math.sin(id)]);
      return Promise.resolve({ images: [], texts: [], rows: Float32Array.from(vectors) });
    },
  };
  const tables = (place: string | null): TokenTables => new TokenTables(place);
  const cache = join(folder, 'tables');
  const first = tables(cache);
  const table = await first.take(pack, tokenizer, scorer, quietContext);
  expect(table).toMatchObject({ width: 2 });
  expect(table.vectors[2]).toBeCloseTo(Math.cos(table.tokenIds[1] ?? 0), 5);
  const words = table.tokenIds.length;
  expect(asked).toBe(words);
  expect(await first.take(pack, tokenizer, scorer, quietContext)).toBe(table);
  expect(await tables(cache).take(pack, tokenizer, scorer, quietContext)).toEqual(table);
  expect(asked).toBe(words);
  const [name = ''] = await readdir(cache);
  await writeFile(join(cache, name), (await readFile(join(cache, name))).subarray(0, -4));
  expect(await tables(cache).take(pack, tokenizer, scorer, quietContext)).toEqual(table);
  expect(asked).toBe(2 * words);
  await tables(null).take(pack, tokenizer, scorer, quietContext);
  expect(asked).toBe(3 * words);
});
