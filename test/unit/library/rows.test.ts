import { expect, onTestFinished, test } from 'vitest';
import { libraryRowsQuerySchema } from '../../../contract/library.ts';
import type { LibraryRowsQuery } from '../../../contract/library.ts';
import type { Fidelity } from '../../../contract/recipe.ts';
import type { Library } from '../../../main/library/library.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { makeTemporaryFolder } from './make-temporary-folder.ts';
import { FACTS, sampleGeneration, samplePicture, samplePrompt } from './sample-items.ts';

const fidelityOf = (mean: number) => ({ mean, spread: 0, perSeed: [{ seed: 1, fidelity: mean }] });

/** One item a second: three pictures, a text, three drawings of falling and absent fidelity. */
async function fill(): Promise<Library> {
  let now = 1_700_000_000_000;
  const library = openLibrary({ folder: makeTemporaryFolder(), clock: () => (now += 1000) });
  onTestFinished(() => library.close());
  const draw = async (text: string, title: string, fidelity: Fidelity | null): Promise<void> => {
    const { id } = await library.addGeneration({ ...sampleGeneration(text), fidelity });
    await library.updateItem(id, { title });
  };
  await library.addPicture(samplePicture('banana'));
  await library.addPicture(samplePicture('Apple'));
  await library.addPicture(samplePicture('cherry'));
  await library.addPrompt(samplePrompt('a bowl of fruit'));
  await draw('bowl one', 'one', fidelityOf(0.4));
  await draw('bowl two', 'two', null);
  await draw('bowl three', 'three', fidelityOf(0.9));
  return library;
}

const ask = (library: Library, query: Partial<LibraryRowsQuery>) => library.queryRows(libraryRowsQuerySchema.parse(query));
const titles = (library: Library, query: Partial<LibraryRowsQuery>) => ask(library, query).rows.map(({ title }) => title);

test('rows come in each order', async () => {
  const library = await fill();
  expect(titles(library, {})).toEqual(['three', 'two', 'one', 'Prompt: a bowl of fruit', 'cherry', 'Apple', 'banana']);
  expect(titles(library, { order: 'oldest' })).toEqual(titles(library, {}).reverse());
  expect(titles(library, { order: 'title' })).toEqual([
    'Apple',
    'banana',
    'cherry',
    'one',
    'Prompt: a bowl of fruit',
    'three',
    'two',
  ]);
  expect(titles(library, { order: 'fidelity' }).slice(0, 2)).toEqual(['three', 'one']);
});

test.each(['newest', 'oldest', 'title', 'fidelity'] as const)('windows anywhere make up the whole list, by %s', async (order) => {
  const library = await fill();
  const whole = ask(library, { order });
  expect(whole.total).toBe(7);
  const parts = [0, 3, 6].flatMap((offset) => ask(library, { order, offset, limit: 3 }).rows);
  expect(parts).toEqual(whole.rows);
  expect(library.queryIds(libraryRowsQuerySchema.parse({ order, offset: 2, limit: 4 }))).toEqual(
    whole.rows.slice(2, 6).map(({ id }) => id),
  );
  expect(ask(library, { order, offset: 100 })).toEqual({ rows: [], total: 7, spans: [] });
});

test('a row has what a cell shows, and no more', async () => {
  const library = await fill();
  const [drawn] = ask(library, {}).rows;
  const { width, height, mediaType, thumbhash } = FACTS;
  expect(drawn).toEqual({
    id: expect.any(String) as string,
    kind: 'generation',
    title: 'three',
    starred: false,
    createdMs: 1_700_000_007_000,
    image: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string, width, height, mediaType, thumbhash },
    text: 'bowl three',
    fidelity: 0.9,
    stack: null,
  });
  const [prompt] = ask(library, { kinds: ['prompt'] }).rows;
  expect(prompt).toMatchObject({ image: null, text: 'a bowl of fruit', fidelity: null });
});

test('filters leave out by kind, star, pack, time and words, one or all at once', async () => {
  const library = await fill();
  const ids = (query: Partial<LibraryRowsQuery>) => library.queryIds(libraryRowsQuerySchema.parse(query));
  await library.updateItems({ itemIds: ids({ kinds: ['generation'] }).slice(0, 2), change: { starred: true } });
  expect(titles(library, { kinds: ['picture', 'prompt'] })).toHaveLength(4);
  expect(titles(library, { starred: true })).toEqual(['three', 'two']);
  expect(titles(library, { starred: false })).toHaveLength(5);
  expect(titles(library, { packId: 'tiny' })).toHaveLength(4);
  expect(titles(library, { packId: 'another' })).toEqual([]);
  expect(titles(library, { createdFromMs: 1_700_000_006_000 })).toEqual(['three', 'two']);
  expect(titles(library, { createdFromMs: 1_700_000_002_000, createdBeforeMs: 1_700_000_003_000 })).toEqual(['Apple']);
  expect(titles(library, { text: 'bowl', kinds: ['generation'], starred: true, packId: 'tiny', order: 'oldest' })).toEqual([
    'two',
    'three',
  ]);
  expect(titles(library, { text: '?!' })).toEqual([]);
});

test('the overview counts what there is', async () => {
  const library = await fill();
  const [newest] = library.queryIds(libraryRowsQuerySchema.parse({}));
  if (newest === undefined) throw new Error('The library has items.');
  await library.updateItem(newest, { trashed: true });
  expect(library.overview()).toEqual({
    items: 6,
    starred: 0,
    trashed: 1,
    kinds: { picture: 3, prompt: 1, generation: 2 },
    packs: [{ id: 'tiny', items: 3 }],
    boards: [],
  });
});

test('many items change in one call, and the answer names those that did', async () => {
  const library = openLibrary({ folder: makeTemporaryFolder(), clock: Date.now });
  onTestFinished(() => library.close());
  for (let i = 0; i < 100; i += 1) await library.addPicture(samplePicture(`picture ${i}`));
  const ids = library.queryIds(libraryRowsQuerySchema.parse({ order: 'oldest' }));
  await library.updateItems({ itemIds: ids.slice(0, 10), change: { starred: true } });
  const told: string[] = [];
  library.subscribe((changed) => told.push(...changed));
  const changed = await library.updateItems({ itemIds: [...ids, 'no-such-item'], change: { starred: true } });
  expect(changed).toEqual(ids.slice(10));
  expect(told.sort()).toEqual(ids.slice(10).sort());
  expect(library.overview().starred).toBe(100);
  // The opposite change to just these takes it back.
  await library.updateItems({ itemIds: changed, change: { starred: false } });
  expect(library.queryIds(libraryRowsQuerySchema.parse({ order: 'oldest', starred: true }))).toEqual(ids.slice(0, 10));
});
