import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { encodeReading } from '../../../contract/texts/reading.ts';
import { libraryItemSchema, libraryQuerySchema } from '../../../contract/library.ts';
import type { LibraryItem, LibraryQuery } from '../../../contract/library.ts';
import type { Library } from '../../../main/library/library.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { makeReading } from '../../helpers/make-reading.ts';
import { makeTemporaryFolder } from './make-temporary-folder.ts';
import { FACTS, sampleGeneration, samplePicture, samplePrompt } from './sample-items.ts';

function openFresh(folder = makeTemporaryFolder()): Library {
  let now = 1_700_000_000_000;
  const library = openLibrary({ folder, clock: () => (now += 1) });
  onTestFinished(() => library.close());
  return library;
}

const query = (given: Partial<LibraryQuery> = {}): LibraryQuery => libraryQuerySchema.parse(given);
const titles = (items: readonly LibraryItem[]): string[] => items.map((item) => item.title);

test('a picture is stored by its sha256, with its item as a file', async () => {
  const library = openFresh();
  const bytes = Buffer.from('not really a PNG');
  const item = await library.addPicture(samplePicture('Fox', bytes));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(item).toMatchObject({ kind: 'picture', title: 'Fox', starred: false, trashed: false, parents: [] });
  expect(item.image).toMatchObject({ sha256, bytes: bytes.length, width: 64, height: 48 });
  expect(readFileSync(join(library.folder, 'images', sha256.slice(0, 2), sha256))).toEqual(bytes);
  expect(libraryItemSchema.parse(JSON.parse(readFileSync(join(library.folder, 'items', `${item.id}.json`), 'utf8')))).toEqual(
    item,
  );
  expect(await library.readImage(sha256)).toEqual(bytes);
  expect(library.getImage(sha256)).toEqual(item.image);
  expect(library.problems).toEqual([]);
});

test('the same picture twice is one item, also when both arrive at once, and comes back out of the trash', async () => {
  const library = openFresh();
  const [first, second] = await Promise.all([library.addPicture(samplePicture('Fox')), library.addPicture(samplePicture('Fox'))]);
  expect(second).toEqual(first);
  expect(library.countItems()).toBe(1);
  await library.updateItem(first.id, { trashed: true });
  expect(library.queryItems(query()).total).toBe(0);
  expect((await library.addPicture(samplePicture('Fox'))).trashed).toBe(false);
  expect(library.queryItems(query()).total).toBe(1);
});

test('title, star, trash and fidelity can change, on disk and in the index', async () => {
  const folder = makeTemporaryFolder();
  const library = openFresh(folder);
  const item = await library.addGeneration(sampleGeneration('a red fox'));
  const fidelity = { mean: 0.8, spread: 0, perSeed: [{ seed: 4711, fidelity: 0.8 }] };
  const changed = await library.updateItem(item.id, { title: 'Best one', starred: true, fidelity });
  expect(changed).toEqual({ ...item, title: 'Best one', named: true, starred: true, fidelity });
  expect(library.getItem(item.id)).toEqual(changed);
  expect(titles(library.queryItems(query({ starred: true })).items)).toEqual(['Best one']);
  expect(library.queryItems(query({ text: 'generated' })).total).toBe(0);
  await library.updateItem(item.id, { starred: false, trashed: true });
  expect(library.queryItems(query({ starred: true })).total).toBe(0);
  expect(library.queryItems(query({ trashed: true })).total).toBe(1);
  await library.close();
  expect(openFresh(folder).getItem(item.id)).toEqual({ ...changed, starred: false, trashed: true });
});

test('lineage follows picture, text and pictures both ways', async () => {
  const library = openFresh();
  const picture = await library.addPicture(samplePicture('Original'));
  const prompt = await library.addPrompt(samplePrompt('a red fox', [picture.id]));
  const first = await library.addGeneration(sampleGeneration('one', [prompt.id]));
  const second = await library.addGeneration(sampleGeneration('two', [prompt.id, picture.id]));
  await library.addPicture(samplePicture('Unrelated'));
  const lineage = library.getLineage(prompt.id);
  expect(lineage.item).toEqual(prompt);
  expect(lineage.ancestors).toEqual([picture]);
  expect(lineage.descendants).toEqual([first, second]);
  expect(library.getLineage(second.id).ancestors.map(({ id }) => id)).toEqual([picture.id, prompt.id]);
  expect(library.findItemsOfImage(picture.image.sha256)).toEqual([picture]);
});

test('parents that form a ring or do not exist do not stop the lineage', async () => {
  const library = openFresh();
  const first = await library.addPrompt(samplePrompt('first', ['no-such-item']));
  const second = await library.addPrompt(samplePrompt('second', [first.id]));
  await library.close();
  const path = join(library.folder, 'items', `${first.id}.json`);
  writeFileSync(path, JSON.stringify({ ...first, parents: [second.id] }));
  const lineage = openFresh(library.folder).getLineage(first.id);
  expect(lineage.ancestors.map(({ id }) => id)).toEqual([second.id]);
  expect(lineage.descendants.map(({ id }) => id)).toEqual([second.id]);
});

test('a list has prompts whole', async () => {
  const library = openFresh();
  const prompt = await library.addPrompt(samplePrompt('a red fox'));
  const [listed] = library.queryItems(query()).items;
  expect(listed).toEqual(prompt);
  expect(library.getItem(prompt.id)).toEqual(prompt);
  expect(prompt.prompt.slots).toHaveLength(3);
});

test('pages follow one another newest first, without gap or repeat, though items arrive in between', async () => {
  const library = openFresh();
  for (let i = 0; i < 25; i += 1) await library.addPicture(samplePicture(`Picture ${i}`));
  const first = library.queryItems(query({ limit: 10 }));
  expect(first).toMatchObject({ total: 25 });
  await library.addPicture(samplePicture('Late'));
  const second = library.queryItems(query({ limit: 10, after: first.next ?? '' }));
  const third = library.queryItems(query({ limit: 10, after: second.next ?? '' }));
  expect(third.next).toBeNull();
  const seen = titles([...first.items, ...second.items, ...third.items]);
  expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `Picture ${24 - i}`));
});

test('a page that was never handed out is a bad request', () => {
  const library = openFresh();
  expect(() => library.queryItems(query({ after: "1' OR 1=1" }))).toThrow(expect.objectContaining({ code: 'bad-request' }));
});

test('items of one millisecond are still paged without gap or repeat', async () => {
  const library = openLibrary({ folder: makeTemporaryFolder(), clock: () => 1_700_000_000_000 });
  onTestFinished(() => library.close());
  for (let i = 0; i < 12; i += 1) await library.addPicture(samplePicture(`${i}`));
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = library.queryItems({ ...query({ limit: 5 }), after });
    seen.push(...titles(page.items));
    after = page.next ?? undefined;
  } while (after !== undefined);
  expect(seen).toEqual(Array.from({ length: 12 }, (_, i) => `${11 - i}`));
});

test('search finds beginnings of words in titles, prompts and recipes, in any order and any writing', async () => {
  const library = openFresh();
  await library.addPicture(samplePicture('Café Ωmega 🦊'));
  await library.addPrompt(samplePrompt('watercolour horse under a red moon'));
  await library.addGeneration(sampleGeneration('castle made of glass'));
  const found = (text: string): string[] => titles(library.queryItems(query({ text })).items);
  expect(found('hor MOON')).toEqual(['Prompt: watercolour horse un']);
  expect(found('cafe')).toEqual(['Café Ωmega 🦊']);
  expect(found('🦊')).toEqual(['Café Ωmega 🦊']);
  expect(found('ωmeg')).toEqual(['Café Ωmega 🦊']);
  expect(found('glass castle')).toEqual(['Generated']);
  expect(found('blurry')).toEqual(['Generated']);
  expect(found('4711')).toEqual(['Generated']);
  expect(found('horse glass')).toEqual([]);
  expect(found('orse')).toEqual([]);
});

test('kinds filter, alone and with search', async () => {
  const library = openFresh();
  await library.addPicture(samplePicture('fox'));
  await library.addPrompt(samplePrompt('fox'));
  await library.addGeneration(sampleGeneration('fox'));
  const kinds = (given: Partial<LibraryQuery>): string[] => library.queryItems(query(given)).items.map(({ kind }) => kind);
  expect(kinds({ kinds: ['picture'] })).toEqual(['picture']);
  expect(kinds({ kinds: ['prompt', 'generation'], text: 'fox' })).toEqual(['generation', 'prompt']);
  expect(kinds({ text: 'fox' })).toEqual(['generation', 'prompt', 'picture']);
});

test.each([
  ['empty', '', 1],
  ['blank', ' \n\t ', 1],
  ['syntax', '"fox', 1],
  ['operators', 'fox AND NOT NEAR(', 0],
  ['columns', 'title:fox', 0],
  ['signs only', '")(*:^-+{}', 0],
  ['star', '*', 0],
  ['quote in a word', `f"ox'`, 0],
  ['NUL', 'fox\0', 1],
  ['lone surrogate', 'fox \ud83e', 1],
  ['emoji sequence', 'fox 👩‍🚀', 0],
  ['right to left', 'fox שלום', 0],
  ['a word the index takes for none', 'fox \u{378}', 1],
  ['SQL', `'; DROP TABLE items; --`, 0],
  ['very many words', Array.from({ length: 250 }, (_, i) => `w${i.toString(36)}`).join(' '), 0],
  ['one very long word', 'f'.repeat(1000), 0],
])('search survives %s', async (_name, text, total) => {
  const library = openFresh();
  await library.addPicture(samplePicture('fox'));
  expect(library.queryItems(query({ text })).total).toBe(total);
  expect(library.countItems()).toBe(1);
  expect(library.problems).toEqual([]);
});

test('what is not there is not-found, and names that are no hash are refused', async () => {
  const library = openFresh();
  expect(() => library.getItem('nothing')).toThrow(expect.objectContaining({ code: 'not-found' }));
  expect(() => library.getLineage('nothing')).toThrow(expect.objectContaining({ code: 'not-found' }));
  expect(() => library.getImagePath('ab'.repeat(32))).toThrow(expect.objectContaining({ code: 'not-found' }));
  expect(() => library.getImagePath('../../etc/passwd')).toThrow(expect.objectContaining({ code: 'bad-request' }));
  await expect(library.updateItem('nothing', { starred: true })).rejects.toMatchObject({ code: 'not-found' });
});

// Cut short, and of the same size.
test.each(['Fo', 'Fax'])(
  'stored bytes that became %j are reported when read, and mended by adding the picture again',
  async (damaged) => {
    const library = openFresh();
    const { image } = await library.addPicture(samplePicture('Fox'));
    writeFileSync(library.getImagePath(image.sha256), damaged);
    await expect(library.readImage(image.sha256)).rejects.toMatchObject({ code: 'library-damaged' });
    await library.addPicture(samplePicture('Fox'));
    expect(Buffer.from(await library.readImage(image.sha256)).toString()).toBe('Fox');
    // As it comes from a file or over HTTP.
    writeFileSync(library.getImagePath(image.sha256), damaged);
    await library.addPicture({ staged: await library.stageImage([Buffer.from('Fox')], 1000), facts: FACTS, title: 'Fox' });
    expect(Buffer.from(await library.readImage(image.sha256)).toString()).toBe('Fox');
  },
);

test.each(['cut', 'same size'])('a damaged reading is reported, and mended by reading the picture again: %s', async (damage) => {
  const library = openFresh();
  const bytes = Buffer.from(encodeReading(makeReading()));
  const sha256 = await library.readings.add(bytes);
  writeFileSync(library.readings.find(sha256), damage === 'cut' ? bytes.subarray(9) : bytes.with(bytes.length - 1, 7));
  await expect(library.readings.read(sha256)).rejects.toMatchObject({ code: 'library-damaged' });
  await library.readings.add(bytes);
  expect(await library.readings.read(sha256)).toEqual(makeReading());
});

test('listeners hear of every write until they stop', async () => {
  const library = openFresh();
  const heard: string[] = [];
  const stop = library.subscribe((ids) => heard.push(...ids));
  const item = await library.addPicture(samplePicture('Fox'));
  await library.updateItem(item.id, { starred: true });
  stop();
  await library.updateItem(item.id, { starred: false });
  expect(heard).toEqual([item.id, item.id]);
});

test('a read-only library shows what is there, refuses writes and leaves the disk alone', async () => {
  const folder = makeTemporaryFolder();
  const host = openFresh(folder);
  const item = await host.addPicture(samplePicture('Fox'));
  const guest = openLibrary({ folder, readOnly: true, clock: () => 0 });
  onTestFinished(() => guest.close());
  expect(guest.queryItems(query({ text: 'fox' })).items).toEqual([item]);
  await expect(guest.addPicture(samplePicture('Hen'))).rejects.toMatchObject({ code: 'file-unwritable' });
  await host.addPicture(samplePicture('Owl'));
  expect(guest.countItems()).toBe(2);
});

test('a read-only library without an index, or without a folder, works from the items', async () => {
  const folder = makeTemporaryFolder();
  const empty = openLibrary({ folder: join(folder, 'none'), readOnly: true, clock: () => 0 });
  expect(empty.queryItems(query())).toEqual({ items: [], total: 0, next: null });
  await empty.close();
  expect(existsSync(join(folder, 'none'))).toBe(false);

  mkdirSync(join(folder, 'copied', 'items'), { recursive: true });
  const host = openFresh();
  const item = await host.addPicture(samplePicture('Fox'));
  writeFileSync(join(folder, 'copied', 'items', `${item.id}.json`), JSON.stringify(item));
  const copied = openLibrary({ folder: join(folder, 'copied'), readOnly: true, clock: () => 0 });
  onTestFinished(() => copied.close());
  expect(copied.getItem(item.id)).toEqual(item);
  expect(readdirSync(join(folder, 'copied'))).toEqual(['items']);
});

test('a folder that cannot be made is said so', () => {
  const folder = makeTemporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  expect(() => openLibrary({ folder: join(folder, 'file', 'library'), clock: () => 0 })).toThrow(
    expect.objectContaining({ code: 'file-unwritable' }),
  );
});

// The superuser may write anywhere, so the rights of a folder mean nothing to it.
test.skipIf(process.getuid?.() === 0)('a folder without the right to write is said so', async () => {
  const library = openFresh();
  chmodSync(join(library.folder, 'items'), 0o500);
  await expect(library.addPicture(samplePicture('Fox'))).rejects.toMatchObject({ code: 'file-unwritable' });
  chmodSync(join(library.folder, 'items'), 0o700);
  expect(library.countItems()).toBe(0);
});
