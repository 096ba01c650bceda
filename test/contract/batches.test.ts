import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchTableLineSchema } from '../../contract/batch.ts';
import type { Batch } from '../../contract/batch.ts';
import { parseCsv } from '../helpers/parse-csv.ts';
import { brokenFile, greys, isAtRest, readOnly, rowsOf, sendFiles, waitForBatch } from './batch-workshop.ts';
import { makePicture } from './make-picture.ts';
import { PACK_ID, hasPack, openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';

// Cold starts of the engine take long on a busy machine.
describe.skipIf(!hasPack)('batches', { timeout: 180_000 }, () => {
  let test: TestStudio;

  beforeAll(async () => {
    test = await openInProcess();
  });
  afterAll(() => test.close());

  it('read every picture, report a bad file in its row, and go on', async () => {
    const { client } = test;
    const { id } = await client.batches.create({ name: 'Holiday', settings: { lengths: [5, 15], draw: null } });
    const pictures = await greys(5);
    const files = await sendFiles(test, [...pictures.slice(0, 2), brokenFile, ...pictures.slice(2)]);
    const added = await client.batches.add({ batchId: id, files });
    expect(added).toMatchObject({ name: 'Holiday', counts: { failed: 1 } });

    const batch = await waitForBatch(test, id, isAtRest);
    expect(batch).toMatchObject({ state: 'done', fraction: 1, counts: { done: 5, failed: 1, queued: 0, running: 0, paused: 0 } });
    expect(batch.settings.packId).toBe(PACK_ID);
    const rows = await rowsOf(test, id);
    expect(rows.map(({ name }) => name)).toEqual(files.map(({ name }) => name));
    for (const row of rows.filter(({ name }) => name !== 'broken.png')) {
      expect(row).toMatchObject({ state: 'done', error: null });
      expect(row.texts.map(({ length }) => length)).toEqual([5, 15]);
      for (const { itemId, text } of row.texts) {
        expect(await client.library.get({ itemId })).toMatchObject({ kind: 'prompt', text, parents: [row.pictureId] });
      }
    }
    const [broken] = rows.filter(({ name }) => name === 'broken.png');
    expect(broken).toMatchObject({ state: 'failed', sha256: null, error: { code: 'image-unreadable' } });
    expect(broken?.error?.hint).not.toBe('');
    expect(await client.jobs.get({ jobId: batch.jobId ?? '' })).toMatchObject({
      state: 'done',
      result: { kind: 'batch', done: 5, failed: 1 },
    });
  });

  it('mend a bad file when it comes again under its name', async () => {
    const { client } = test;
    const { id } = await client.batches.create({ name: 'Mended', settings: readOnly });
    const [broken] = await sendFiles(test, [brokenFile]);
    if (broken === undefined) throw new Error('nothing was sent');
    await client.batches.add({ batchId: id, files: [{ ...broken, name: 'sea/broken.png' }] });
    expect((await client.batches.retry({ batchId: id })).counts).toMatchObject({ failed: 1, queued: 0 });
    const bytes = new Uint8Array(await makePicture(32, { r: 9, g: 90, b: 200 }));
    await client.batches.add({ batchId: id, files: await sendFiles(test, [['other.png', brokenFile[1]]]) });
    await client.batches.add({ batchId: id, files: await sendFiles(test, [['broken.png', bytes]]) });
    await waitForBatch(test, id, isAtRest);
    expect(await rowsOf(test, id)).toMatchObject([
      { name: 'sea/broken.png', state: 'done', error: null },
      { name: 'other.png', state: 'failed' },
    ]);
  });

  it('keep the same file twice as one picture and one text in two rows', async () => {
    const { client } = test;
    const { id } = await client.batches.create({ name: 'Twins', settings: readOnly });
    const bytes = new Uint8Array(await makePicture(40, { r: 200, g: 10, b: 10 }));
    const files = await sendFiles(test, [
      ['a.png', bytes],
      ['b.png', bytes],
    ]);
    await client.batches.add({ batchId: id, files });
    await waitForBatch(test, id, isAtRest);
    await client.batches.add({ batchId: id, files: files.slice(0, 1).map((file) => ({ ...file, name: 'c.png' })) });
    await waitForBatch(test, id, isAtRest);
    const rows = await rowsOf(test, id);
    expect(rows.map(({ name, state }) => [name, state])).toEqual([
      ['a.png', 'done'],
      ['b.png', 'done'],
      ['c.png', 'done'],
    ]);
    expect(new Set(rows.map(({ texts }) => texts[0]?.itemId)).size).toBe(1);
    expect(new Set(rows.map(({ pictureId }) => pictureId)).size).toBe(1);
  });

  it('draw each text and compare it with its picture', async () => {
    const { client } = test;
    const draw = { steps: 1, guidance: 3, count: 2 };
    const { id, settings } = await client.batches.create({ name: 'Drawn', settings: { lengths: [5, 15], draw } });
    expect(settings.draw?.seed).toBeTypeOf('number');
    await client.batches.add({ batchId: id, files: await sendFiles(test, await greys(2, 'drawn')) });
    const batch = await waitForBatch(test, id, isAtRest);
    expect(batch).toMatchObject({ state: 'done', counts: { done: 2 } });
    for (const row of await rowsOf(test, id)) {
      for (const { itemId, fidelity } of row.texts) {
        expect(fidelity?.mean).toBeGreaterThanOrEqual(0);
        const { descendants } = await client.library.lineage({ itemId });
        expect(descendants.filter(({ kind }) => kind === 'generation')).toHaveLength(2);
      }
    }
  });

  it('pause, keep what is done, and go on', async () => {
    const { client } = test;
    const { id } = await client.batches.create({ name: 'Paused', settings: { lengths: [5], draw: { steps: 12, count: 1 } } });
    await client.batches.add({ batchId: id, files: await sendFiles(test, await greys(6, 'paused')) });
    await waitForBatch(test, id, ({ counts }) => counts.done >= 1);
    const paused = await client.batches.pause({ batchId: id });
    expect(paused).toMatchObject({ state: 'paused', counts: { running: 0, queued: 0, failed: 0, cancelled: 0 } });
    expect(paused.counts.done + paused.counts.paused).toBe(6);
    const before = (await rowsOf(test, id)).filter(({ state }) => state === 'done');
    await client.batches.resume({ batchId: id });
    expect(await waitForBatch(test, id, isAtRest)).toMatchObject({ state: 'done', counts: { done: 6 } });
    const after = await rowsOf(test, id);
    for (const row of before) expect(after.find((one) => one.id === row.id)).toEqual(row);
  });

  it('are cancelled, tried again, put in another order and removed', async () => {
    const { client } = test;
    const { id } = await client.batches.create({ name: 'Order', settings: { lengths: [5], draw: { steps: 30, count: 2 } } });
    await client.batches.pause({ batchId: id });
    await client.batches.add({ batchId: id, files: await sendFiles(test, await greys(5, 'order')) });
    const names = async () => (await rowsOf(test, id)).map(({ name }) => name.replace(/\D/g, '')).join('');
    const [first, second, third] = await rowsOf(test, id);
    const rowIds = [third?.id ?? '', second?.id ?? ''];
    await client.batches.reorderRows({ batchId: id, rowIds, beforeId: null });
    expect(await names()).toBe('14523');
    await client.batches.reorderRows({ batchId: id, rowIds, beforeId: first?.id ?? '' });
    expect(await names()).toBe('23145');
    await client.batches.removeRows({ batchId: id, rowIds: [first?.id ?? ''] });
    expect(await names()).toBe('2345');

    await client.batches.resume({ batchId: id });
    await waitForBatch(test, id, ({ counts }) => counts.running > 0);
    const cancelled = await client.batches.cancel({ batchId: id });
    expect(cancelled).toMatchObject({ state: 'cancelled', counts: { cancelled: 4 } });
    const one = await client.batches.retry({ batchId: id, rowIds: [second?.id ?? ''] });
    expect(one.counts.queued + one.counts.running).toBe(1);
    expect(one.counts.cancelled).toBe(3);
    expect((await client.batches.remove({ batchId: id })).map((batch) => batch.id)).not.toContain(id);
    await expect(client.batches.get({ batchId: id })).rejects.toMatchObject({ data: { code: 'not-found' } });
  });

  it('are done in the order they were put in, and let a single picture go first', async () => {
    const { client } = test;
    const settings = { lengths: [5], draw: { steps: 12, count: 1 } };
    const ids: string[] = [];
    for (const name of ['First', 'Second']) {
      const { id } = await client.batches.create({ name, settings });
      await client.batches.pause({ batchId: id });
      await client.batches.add({ batchId: id, files: await sendFiles(test, await greys(4, name)) });
      ids.push(id);
    }
    const [first = '', second = ''] = ids;
    const order = (await client.batches.reorder({ batchId: second, beforeId: first })).map(({ id }) => id);
    expect(order.indexOf(second)).toBeLessThan(order.indexOf(first));
    await client.batches.resume({ batchId: first });
    await waitForBatch(test, first, ({ state }) => state === 'running');
    await client.batches.resume({ batchId: second });
    const job = await client.jobs.submit({
      kind: 'generate',
      prompt: { type: 'text', text: 'a red fox' },
      settings: { steps: 1 },
    });
    const atEnd = async (batchId: string) => (await waitForBatch(test, batchId, isAtRest)).state;
    expect(await atEnd(second)).toBe('done');
    expect(await client.jobs.get({ jobId: job.id })).toMatchObject({ state: 'done' });
    expect((await client.batches.get({ batchId: first })).state).not.toBe('done');
    expect(await atEnd(first)).toBe('done');
  });

  it('find, sort and page rows', async () => {
    const { client } = test;
    const { id: batchId } = await client.batches.create({ name: 'Found', settings: readOnly });
    await client.batches.pause({ batchId });
    const files = await sendFiles(test, [...(await greys(11, 'p%')), brokenFile]);
    await client.batches.add({ batchId, files });
    const find = async (query: object) => {
      const { rows, total } = await client.batches.rows({ batchId, ...query });
      return { names: rows.map(({ name }) => name), total };
    };
    expect(await find({ sort: 'name', descending: true, limit: 2 })).toEqual({ names: ['p% 11.png', 'p% 10.png'], total: 12 });
    expect(await find({ offset: 10, limit: 5 })).toEqual({ names: ['p% 11.png', 'broken.png'], total: 12 });
    expect(await find({ search: '% 1' })).toMatchObject({ total: 3 });
    expect(await find({ states: ['failed'] })).toEqual({ names: ['broken.png'], total: 1 });
    expect(await find({ states: ['paused'] })).toMatchObject({ total: 11 });
    expect(await find({ states: ['queued', 'running'] })).toMatchObject({ total: 0 });
    expect((await find({ sort: 'error', limit: 1 })).names).toEqual(['broken.png']);
  });

  it('give their table as CSV and JSONL, for the tool it is for', async () => {
    const { client } = test;
    const { id: batchId } = await client.batches.create({ name: 'Table', settings: { lengths: [5, 15], draw: null } });
    const [[, bytes] = brokenFile] = await greys(1, 'table');
    const names = ['=cmd|calc.png', 'sea, "north" 狐.png', 'two\nlines.png'];
    const files = await sendFiles(test, [...names.map((name) => [name, bytes] as const), brokenFile]);
    await client.batches.add({ batchId, files });
    await waitForBatch(test, batchId, isAtRest);
    const take = async (format: 'csv' | 'jsonl', target: 'plain' | 'midjourney') => {
      let text = '';
      for await (const piece of await client.batches.export({ batchId, format, target })) text += piece;
      return text;
    };
    const rows = await rowsOf(test, batchId);
    const table = await take('csv', 'midjourney');
    // Without it Excel reads 狐 as signs of another alphabet.
    expect(table).toMatch(/^\uFEFFfile,/);
    const [header = [], ...lines] = parseCsv(table);
    const read = lines.map((line) => Object.fromEntries(header.map((name, index) => [name, line[index]])));
    expect(read).toHaveLength(3 * 2 + 1);
    expect(read.map(({ file }) => file)).toEqual([
      ...names.flatMap((name, index) => (index === 0 ? [`'${name}`, `'${name}`] : [name, name])),
      'broken.png',
    ]);
    expect(read[0]).toMatchObject({
      sha256: rows[0]?.sha256,
      state: 'done',
      length: '5',
      text: rows[0]?.texts[0]?.text,
      item_id: rows[0]?.texts[0]?.itemId,
      error: '',
      fidelity_mean: '',
    });
    expect(read[0]?.['prompt']).not.toBe('');
    expect(read.at(-1)).toMatchObject({ state: 'failed', text: '', sha256: '', item_id: '' });
    expect(read.at(-1)?.['error']).toContain(rows.at(-1)?.error?.hint);

    const objects = (await take('jsonl', 'plain')).trimEnd().split('\n');
    expect(objects.map((line) => batchTableLineSchema.parse(JSON.parse(line)).file)).toEqual([
      ...names.flatMap((name) => [name, name]),
      'broken.png',
    ]);
  });

  it('tell of themselves in the stream', async () => {
    const { client } = test;
    const stop = new AbortController();
    const events = await client.studio.events(undefined, { signal: stop.signal });
    await events.next();
    const { id } = await client.batches.create({ name: 'Told', settings: readOnly });
    await client.batches.add({ batchId: id, files: await sendFiles(test, await greys(3, 'told')) });
    const seen: Batch[] = [];
    for await (const event of events) {
      if (event.type !== 'batch-changed' || event.batch.id !== id) continue;
      seen.push(event.batch);
      if (event.batch.state === 'done') break;
    }
    stop.abort();
    const revisions = seen.map(({ revision }) => revision);
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    expect(seen.at(-1)).toMatchObject({ state: 'done', counts: { done: 3 } });
  });

  it('say what is wrong when nothing of them can be done', async () => {
    const { client } = test;
    const { id } = await client.batches.create({ name: 'Lost', settings: { ...readOnly, packId: 'no-such-pack' } });
    await client.batches.add({ batchId: id, files: await sendFiles(test, await greys(1, 'lost')) });
    const batch = await waitForBatch(test, id, isAtRest);
    expect(batch).toMatchObject({ state: 'failed', error: { code: 'pack-not-found' }, counts: { queued: 1 } });
    await expect(client.jobs.submit({ kind: 'batch', batchId: id, name: 'x' })).rejects.toMatchObject({
      data: { code: 'bad-request' },
    });
    const draw = { seed: Number.MAX_SAFE_INTEGER, count: 2 };
    await expect(client.batches.create({ name: 'Seeds', settings: { lengths: [5], draw } })).rejects.toMatchObject({
      data: { code: 'bad-request', details: { seeds: 2 } },
    });
  });
});
