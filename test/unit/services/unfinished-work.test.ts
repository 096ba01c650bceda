import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { searchStateSchema, UnfinishedWork } from '../../../main/services/unfinished-work.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dediffusion-searches-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (place: string | null) => new UnfinishedWork(place, searchStateSchema);
const asked = { imageSha256: 'ab', length: 5 };
const state = { tokenIds: [1, -1], sweeps: 1, evaluations: 40, calls: 6, tried: [[{ tokenId: 1, probability: 0.9 }], []] };

it('finds how far a search was, by all that was asked for, until it ends', async () => {
  const searches = open(join(folder, 'searches'));
  expect(await searches.find(asked)).toBeNull();
  await searches.keep(asked, state);
  expect(await open(join(folder, 'searches')).find(asked)).toEqual(state);
  expect(await searches.find({ ...asked, length: 6 })).toBeNull();
  await searches.drop(asked);
  expect(await searches.find(asked)).toBeNull();
});

it('begins anew where a file is half there, and remembers for this start alone without a folder', async () => {
  const searches = open(folder);
  await searches.keep(asked, state);
  const [name = ''] = await readdir(folder);
  await writeFile(join(folder, name), '{"tokenIds":[1,');
  expect(await searches.find(asked)).toBeNull();
  const forgetful = open(null);
  await forgetful.keep(asked, state);
  expect(await forgetful.find(asked)).toEqual(state);
  expect(await open(null).find(asked)).toBeNull();
  await forgetful.drop(asked);
  expect(await forgetful.find(asked)).toBeNull();
});
