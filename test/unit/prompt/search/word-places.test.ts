import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EMPTY_PLACE } from '../../../../main/prompt/judged-sweep.ts';
import { layWords, listPackWords, toPlaces } from '../../../../main/prompt/search/word-places.ts';
import { readManifest } from '../../../../main/packs/read-manifest.ts';
import { loadTokenizer } from '../../../../main/tokenizer/load-tokenizer.ts';

const folder = join(import.meta.dirname, '../../../../models/packs/tiny-scenes');

it('reads which words stand where from the pack, at the lengths that it tells', async () => {
  const { manifest } = (await readManifest(folder)) ?? {};
  if (manifest === undefined) throw new Error('no pack');
  const tokenizer = await loadTokenizer(join(folder, 'decoder/tokenizer'));
  const places = listPackWords(manifest, 15, tokenizer);
  expect(places).toHaveLength(15);
  const textsAt = (place: number): string[] => (places?.[place] ?? []).map((id) => tokenizer.tokenText(id).text);
  expect(textsAt(0)).toContain('sticker');
  expect(textsAt(2)).toHaveLength(52);
  expect(textsAt(10)).toEqual(expect.arrayContaining(['plain', 'checker']));
  expect(listPackWords(manifest, 14, tokenizer)).toBeNull();
});

it('lays words where they may stand, and leaves out those that may stand nowhere but for locked ones', () => {
  const places = toPlaces([[1, 2], [3], [1, 4]]);
  const words = (...given: (readonly [number, boolean?])[]) =>
    given.map(([tokenId, isLocked = false]) => ({ tokenId, isLocked }));
  expect(layWords(words([3], [1], [2], [9]), places)).toEqual({ tokenIds: [1, 3, EMPTY_PLACE], locked: new Set() });
  expect(layWords(words([1], [1], [1]), places).tokenIds).toEqual([1, EMPTY_PLACE, 1]);
  expect(layWords(words([9, true], [3]), places)).toEqual({ tokenIds: [9, 3, EMPTY_PLACE], locked: new Set([0]) });
});

it('lets every place stay empty, as likely as any word', () => {
  expect(toPlaces([[7, 7, 8]])[0]?.candidates).toEqual([7, 8, EMPTY_PLACE].map((tokenId) => ({ tokenId, probability: 1 / 3 })));
});
