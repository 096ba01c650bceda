import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { encodeReading } from '../../../contract/texts/reading.ts';
import type { Library, NewPrompt } from '../../../main/library/library.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { nameReading } from '../../../main/library/reading-store.ts';
import { makeReading } from '../../helpers/make-reading.ts';
import { makeTemporaryFolder } from './make-temporary-folder.ts';
import { samplePrompt } from './sample-items.ts';

const dayMs = 24 * 3600 * 1000;

function open(folder: string): Library {
  const library = openLibrary({ folder, clock: Date.now });
  onTestFinished(() => library.close());
  return library;
}

/** A text that was just read, with its reading; `length` makes readings differ. */
function readPrompt(
  text: string,
  length = 5,
): { readonly sha256: string; readonly bytes: Uint8Array; readonly prompt: NewPrompt } {
  const bytes = encodeReading({ ...makeReading(), length });
  const sha256 = nameReading(bytes);
  const sample = samplePrompt(text);
  const source = { type: 'reading' as const, sha256, packId: 'tiny', imageSha256: 'a'.repeat(64), length };
  return { sha256, bytes, prompt: { ...sample, prompt: { ...sample.prompt, sources: [source] }, reading: bytes } };
}

async function destroy(library: Library, id: string, needed: readonly string[] = []): Promise<void> {
  await library.updateItem(id, { trashed: true });
  await library.deleteItems([id], () => new Set(needed));
}

test('a reading goes with the last text that names it; a text that was put back from the trash still has its own', async () => {
  const library = open(makeTemporaryFolder());
  const { prompt, sha256 } = readPrompt('a red fox');
  const first = await library.addPrompt(prompt);
  await library.updateItem(first.id, { trashed: true });
  await library.updateItem(first.id, { trashed: false });
  expect(await library.readings.read(sha256)).toEqual(makeReading());
  const second = await library.addPrompt({ ...prompt, text: 'a blue fox' });
  await destroy(library, first.id);
  expect(library.readings.has(sha256)).toBe(true);
  await destroy(library, second.id);
  expect(library.readings.has(sha256)).toBe(false);
});

test('a reading stays while a job or unsaved work names it', async () => {
  const library = open(makeTemporaryFolder());
  const { prompt, sha256 } = readPrompt('a red fox');
  await destroy(library, (await library.addPrompt(prompt)).id, [sha256]);
  expect(library.readings.has(sha256)).toBe(true);
});

test('a reading that nothing has named for a month goes when something else is deleted, a younger one does not', async () => {
  const folder = makeTemporaryFolder();
  const library = open(folder);
  const [old, young, named, gone] = [1, 2, 3, 4].map((length) => readPrompt(`text ${length}`, length));
  if (!old || !young || !named || !gone) throw new Error('four readings');
  for (const { bytes } of [old, young]) await library.readings.add(bytes);
  await library.addPrompt(named.prompt);
  const before = new Date(Date.now() - 31 * dayMs);
  for (const { sha256 } of [old, named]) utimesSync(library.readings.find(sha256), before, before);
  await destroy(library, (await library.addPrompt(gone.prompt)).id);
  expect([old, young, named, gone].map(({ sha256 }) => library.readings.has(sha256))).toEqual([false, true, true, false]);
});

test('a host that died after the texts went removes their readings at the next start', async () => {
  const folder = makeTemporaryFolder();
  const library = openLibrary({ folder, clock: Date.now });
  const gone = readPrompt('gone', 1);
  const kept = readPrompt('kept', 2);
  await library.readings.add(gone.bytes);
  await library.addPrompt(kept.prompt);
  await library.close();
  const note = { schemaVersion: 2, images: [], readings: [gone.sha256, kept.sha256] };
  writeFileSync(join(folder, 'removing.json'), JSON.stringify(note));
  const again = openLibrary({ folder, clock: Date.now });
  await again.close();
  expect([gone, kept].map(({ sha256 }) => existsSync(join(folder, 'readings', sha256.slice(0, 2), sha256)))).toEqual([
    false,
    true,
  ]);
});
