import { describe, expect, onTestFinished, test } from 'vitest';
import { libraryMembersQuerySchema, libraryRowsQuerySchema } from '../../../contract/library.ts';
import type { LibraryItem, LibraryRowsQuery } from '../../../contract/library.ts';
import type { Library } from '../../../main/library/library.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { makeTemporaryFolder } from './make-temporary-folder.ts';
import { sampleGeneration, samplePicture, samplePrompt } from './sample-items.ts';

const START = 1_700_000_000_000;
const fidelityOf = (mean: number) => ({ mean, spread: 0, perSeed: [{ seed: 1, fidelity: mean }] });
const ask = (library: Library, query: Partial<LibraryRowsQuery>) =>
  library.queryRows(libraryRowsQuerySchema.parse({ stacked: true, ...query }));
const titles = (library: Library, query: Partial<LibraryRowsQuery> = {}) =>
  ask(library, query).rows.map(({ title, stack }) => `${title} ${stack?.items ?? 1}`);

interface Filled {
  readonly library: Library;
  readonly ids: Readonly<Record<'pig' | 'cat' | 'text' | 'better' | 'worse' | 'again' | 'lone', string>>;
}

/** One item a second: a pig with a text, two drawn from it and a text read in one of those; a cat; a text of its own. */
async function fill(): Promise<Filled> {
  let now = START;
  const library = openLibrary({ folder: makeTemporaryFolder(), clock: () => (now += 1000) });
  onTestFinished(() => library.close());
  const pig = await library.addPicture(samplePicture('pig'));
  const cat = await library.addPicture(samplePicture('cat'));
  const text = await library.addPrompt({ ...samplePrompt('a pig', [pig.id]), title: 'a text' });
  const draw = async (title: string, mean: number): Promise<LibraryItem> => {
    const drawn = await library.addGeneration({ ...sampleGeneration(`pig ${title}`, [text.id]), fidelity: fidelityOf(mean) });
    return library.updateItem(drawn.id, { title });
  };
  const better = await draw('better', 0.9);
  const lone = await library.addPrompt({ ...samplePrompt('nothing of them'), title: 'lone' });
  const worse = await draw('worse', 0.2);
  const again = await library.addPrompt({ ...samplePrompt('a pig again', [better.id]), title: 'again, pig' });
  const ids = { pig: pig.id, cat: cat.id, text: text.id, better: better.id, worse: worse.id, again: again.id, lone: lone.id };
  return { library, ids };
}

describe('a stack', () => {
  test('is one row for all that was made from one original, which stands for it', async () => {
    const { library, ids } = await fill();
    const { rows, total } = ask(library, {});
    expect(total).toBe(3);
    expect(rows.map(({ id }) => id)).toEqual([ids.pig, ids.lone, ids.cat]);
    expect(rows.map(({ stack }) => stack)).toEqual([{ id: ids.pig, items: 5, pictures: 3 }, null, null]);
    expect(library.queryIds(libraryRowsQuerySchema.parse({ stacked: true }))).toEqual(rows.map(({ id }) => id));
  });

  test('stands where its first item in the order stands, by title where its own does, by fidelity with its best', async () => {
    const { library } = await fill();
    expect(titles(library)).toEqual(['pig 5', 'lone 1', 'cat 1']);
    expect(titles(library, { order: 'oldest' })).toEqual(['pig 5', 'cat 1', 'lone 1']);
    expect(titles(library, { order: 'title' })).toEqual(['cat 1', 'lone 1', 'pig 5']);
    expect(titles(library, { order: 'fidelity' })[0]).toBe('better 5');
    expect(titles(library, { order: 'fidelity', kinds: ['picture', 'prompt'] })).toContain('pig 3');
  });

  test.each(['newest', 'oldest', 'title', 'fidelity'] as const)('lies in one window alone, by %s', async (order) => {
    const { library } = await fill();
    const parts = [0, 1, 2].flatMap((offset) => ask(library, { order, offset, limit: 1 }).rows);
    expect(parts).toEqual(ask(library, { order }).rows);
    expect(ask(library, { order, offset: 9 })).toEqual({ rows: [], total: 3, spans: [] });
  });

  test('counts and holds only what fits the question', async () => {
    const { library, ids } = await fill();
    expect(titles(library, { kinds: ['generation'] })).toEqual(['worse 2']);
    expect(titles(library, { text: 'again' })).toEqual(['again, pig 1']);
    await library.updateItem(ids.worse, { trashed: true });
    expect(ask(library, {}).rows[0]?.stack).toEqual({ id: ids.pig, items: 4, pictures: 2 });
    expect(titles(library, { trashed: true })).toEqual(['worse 1']);
    const members = library.listMembers(libraryMembersQuerySchema.parse({ itemIds: [ids.pig, ids.cat] }));
    expect(members.sort()).toEqual([ids.pig, ids.cat, ids.text, ids.better, ids.again].sort());
    expect(library.listMembers(libraryMembersQuerySchema.parse({ itemIds: [ids.pig], trashed: true }))).toEqual([ids.worse]);
  });

  test('opens: its items are a list of their own', async () => {
    const { library, ids } = await fill();
    const { rows } = ask(library, { stacked: false, stackId: ids.pig });
    expect(rows.map(({ id }) => id)).toEqual([ids.again, ids.worse, ids.better, ids.text, ids.pig]);
    expect(ask(library, { stacked: false, stackId: ids.lone }).total).toBe(1);
    expect(ask(library, { stacked: false, stackId: 'nothing' }).total).toBe(0);
  });

  test('is the same after a star, and when the index is made again in whatever order', async () => {
    const { library, ids } = await fill();
    const before = ask(library, {}).rows.map(({ id, stack }) => [id, stack]);
    await library.updateItems({ itemIds: [ids.pig, ids.text], change: { starred: true } });
    expect(ask(library, {}).rows.map(({ id, stack }) => [id, stack])).toEqual(before);
    await library.rebuildIndex();
    expect(ask(library, {}).rows.map(({ id, stack }) => [id, stack])).toEqual(before);
  });

  test('stays together when its original is deleted for good, and one of a text when the text is', async () => {
    const { library, ids } = await fill();
    await library.updateItem(ids.pig, { trashed: true });
    await library.deleteItems([ids.pig]);
    expect(ask(library, {}).rows.map(({ stack }) => stack)).toContainEqual({ id: ids.pig, items: 4, pictures: 2 });
    await library.updateItem(ids.text, { trashed: true });
    await library.deleteItems([ids.text]);
    const after = [{ id: ids.text, items: 3, pictures: 2 }, null, null];
    expect(ask(library, {}).rows.map(({ stack }) => stack)).toEqual(after);
    await library.rebuildIndex();
    expect(ask(library, {}).rows.map(({ stack }) => stack)).toEqual(after);
  });
});

describe('spans of time', () => {
  test('count items, or stacks by what is newest of them', async () => {
    const { library } = await fill();
    const moments = [START + 7000, START + 5000, START + 2000];
    expect(ask(library, { moments, stacked: false }).spans).toEqual([1, 2, 3, 1]);
    expect(ask(library, { moments }).spans).toEqual([1, 1, 1, 0]);
    expect(ask(library, { moments, order: 'oldest' }).spans).toEqual([0, 1, 1, 1]);
    expect(ask(library, { moments, text: '?!' }).spans).toEqual([0, 0, 0, 0]);
    expect(ask(library, {}).spans).toEqual([]);
  });
});
