import { createHash } from 'node:crypto';
import { appendFile, cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeMethod } from '../../../../../../renderer/features/words/describe-method.ts';
import type { OtherReading } from '../../../../../../renderer/state/text/readers/other-readings.svelte.ts';
import type { Page } from '../../../../../../renderer/state/page.svelte.ts';
import { readJson } from '../../../../../helpers/frozen-records.ts';
import { CoreBench } from '../../../core-bench.ts';

const embedded = join(import.meta.dirname, '../../../../../../models/packs/tiny-scenes');

/** The embedded model once more, by another name and with a scorer of other bytes. */
async function installOtherEyes(dataFolder: string): Promise<void> {
  const folder = join(dataFolder, 'packs', 'other-eyes');
  await cp(embedded, folder, { recursive: true });
  const vision = 'scorer/onnx/vision_model.onnx';
  // A documentation string of the ONNX model: another file, and the same numbers.
  await appendFile(join(folder, vision), Uint8Array.of(0x32, 1, 0x78));
  const bytes = await readFile(join(folder, vision));
  const entry = { path: vision, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  const manifest = readJson(join(folder, 'pack.json'));
  const files = (manifest['files'] as { path: string }[]).map((file) => (file.path === vision ? entry : file));
  await writeFile(join(folder, 'pack.json'), JSON.stringify({ ...manifest, id: 'other-eyes', files }));
}

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open(installOtherEyes);
});
afterAll(() => bench.close());

async function searchBeside(page: Page): Promise<{ open: OtherReading; searched: OtherReading }> {
  const option = page.readers.find('clip-search');
  if (option === null) throw new Error('nobody searches');
  await page.otherReadings.read({ option, length: 3, region: null });
  expect(page.otherReadings.error).toBeNull();
  const [open, searched] = page.otherReadings.entries;
  if (open === undefined || searched === undefined) throw new Error('two texts');
  return { open, searched };
}

it('where two scorers are installed the judge is not the guide, and the text says which was which', async () => {
  const page = await bench.startPage();
  page.preferences.set({ length: 5 });
  await page.reading.openItem(await bench.addScene('Pig'));
  const { searched } = await searchBeside(page);
  expect(page.otherReadings.judge).toMatchObject({ packId: 'other-eyes', isGuide: false });
  expect(searched.similarity).toBeGreaterThan(0);
  expect(searched.document.sources[0]).toMatchObject({ guide: 'tiny-scenes', judge: 'other-eyes' });
  page.otherReadings.take(searched);
  const { document } = page.work;
  expect(document === null ? '' : describeMethod(document)).toContain(
    'Words searched with the scorer of tiny-scenes. Judged by the scorer of other-eyes, which guided none of it.',
  );
});

it('a text that the other scorer guided is not judged by it', async () => {
  const page = await bench.startPage();
  page.preferences.set({ length: 5 });
  const { id } = await bench.addScene('Guided elsewhere');
  await page.reading.openItem(await bench.core.client.library.get({ itemId: id }));
  const { document } = page.work;
  if (document === null) throw new Error('no text');
  const sources = document.sources.map((source) => (source.type === 'reading' ? { ...source, guide: 'other-eyes' } : source));
  page.work.takeText({ ...document, id: 'guided-elsewhere', sources }, 'Guided elsewhere');
  const { open, searched } = await searchBeside(page);
  expect(open.similarity).toBeNull();
  expect(open.document.sources[0]).not.toHaveProperty('judge');
  expect(searched.similarity).toBeGreaterThan(0);
});
