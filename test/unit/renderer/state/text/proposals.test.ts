import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertPngChunks } from '../../../../../main/image/insert-png-chunks.ts';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

const block =
  'a <img src=x onerror=alert(1)> (fox:1.3)\nNegative prompt: dog\nSteps: 7, Sampler: Euler a, CFG scale: 4.5, Seed: 1234, Size: 64x96, Model: foxes';

async function makeFile(name: string): Promise<File> {
  const scene = new Uint8Array(await new Blob([await bench.makeScene()]).arrayBuffer());
  const text = { type: 'tEXt', data: Buffer.from(`parameters\0${block}`, 'latin1') };
  return new File([new Uint8Array(insertPngChunks(scene, 'before-data', [text]))], name, { type: 'image/png' });
}

it('a picture that says how it was made offers its text and settings, and takes nothing unasked', async () => {
  const page = await bench.startPage();
  void page.intake.receiveFiles([await makeFile('made.png')]);
  await bench.until(() => expect(page.proposals.current?.type).toBe('made'));
  expect(page.proposals.current).toMatchObject({ from: 'made', metadata: { writer: 'a1111', seed: '1234', negative: 'dog' } });
  expect(page.preferences.values.seed).toBeNull();
  await bench.until(() => expect(page.work.document).not.toBeNull());
  await page.proposals.acceptWithSettings();
  expect(page.proposals.current).toBeNull();
  expect(page.work.text).toContain('fox');
  expect(page.work.document?.slots.some(({ weight }) => weight === 1.3)).toBe(true);
  expect(page.preferences.values).toMatchObject({
    seed: 1234,
    steps: 7,
    guidance: 4.5,
    negative: 'dog',
    width: 64,
    height: 96,
    scheduler: 'euler-ancestral',
  });
});

it('a picture that says nothing offers nothing', async () => {
  const page = await bench.startPage();
  void page.intake.receiveFiles([new File([await bench.makeScene()], 'plain.png', { type: 'image/png' })]);
  await bench.until(() => expect(page.work.document).not.toBeNull());
  expect(page.proposals.current).toBeNull();
});

it('a text with signs of a tool can be read as that tool reads it', async () => {
  const page = await bench.startPage();
  page.intake.receiveText('clip', 'a fox::1.5 in snow --no dog --seed 5');
  expect(page.proposals.current).toMatchObject({ type: 'text', dialects: ['midjourney'] });
  await page.proposals.acceptAs('midjourney');
  expect(page.work.text).toBe('a fox in snow');
  expect(page.work.document?.slots[0]?.weight).toBe(1.5);
  expect(page.preferences.values).toMatchObject({ seed: 5, negative: 'dog' });
  page.intake.receiveText('clip', 'a plain sentence');
  expect(page.proposals.current).toMatchObject({ dialects: [] });
});

it('a picture of the library or of a batch offers what its file says, and is opened with it', async () => {
  const page = await bench.startPage();
  const bytes = new Uint8Array(await (await makeFile('kept.png')).arrayBuffer());
  const item = await bench.core.addImage(bytes, { title: 'kept' });
  expect(await page.proposals.findMade(item.image.sha256)).toMatchObject({ writer: 'a1111', seed: '1234' });
  page.editing.type('words of another work');
  await page.editing.settle();
  await page.proposals.offerMade(item.id);
  expect(page.proposals.current).toMatchObject({ type: 'made', from: 'kept', picture: { itemId: item.id } });
  expect(page.work.picture).toBeNull();
  await page.proposals.acceptWithSettings();
  expect(page.work.picture).toMatchObject({ itemId: item.id, title: 'kept' });
  expect(page.work.text).toContain('fox');
  expect(page.preferences.values.seed).toBe(1234);
  page.work.undo();
  expect(page.work.picture).toBeNull();

  const silent = await bench.addScene('silent');
  expect(await page.proposals.findMade(silent.image.sha256)).toBeNull();
  await page.proposals.offerMade(silent.id);
  expect(page.proposals.current).toBeNull();
});
