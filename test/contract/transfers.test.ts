import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openStudio } from '../../main/studio.ts';
import { hasPack, openInProcess, PACK_ID } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { readFailure } from './read-failure.ts';
import { connectComfyui, isAtRest, isCompared, orderOf, waitForTransfer } from './transfer-workshop.ts';
import { pictureOf } from './workshop.ts';

const pack = { type: 'pack' as const, packId: PACK_ID };
const pool = (...connectionIds: string[]) => ({ type: 'connections' as const, connectionIds });
const words = (count: number): string[] => Array.from({ length: count }, (_, index) => `a fox number ${index + 1}`);

describe.skipIf(!hasPack)('a transfer', { timeout: 300_000 }, () => {
  let test: TestStudio;
  beforeAll(async () => {
    test = await openInProcess();
  });
  afterAll(() => test.close());

  const create = (texts: readonly string[], more: Parameters<typeof orderOf>[1]) =>
    test.client.transfers.create(orderOf(texts, more));

  it('is drawn by every tool with the same seeds, compared, and rated prompt by prompt', async () => {
    const server = await connectComfyui(test, 'paints', { price: { picture: 0.5, limit: null } });
    const { samples } = await test.client.packs.info({ packId: PACK_ID });
    const original = await test.client.images.addSample({ packId: PACK_ID, file: samples[0]?.file ?? '' });
    const originalSha256 = pictureOf(original);
    const prompt = { type: 'text' as const, text: 'a red fox' };
    const rows = [
      { name: 'by the picture', prompt, originalSha256 },
      { name: 'by the text', prompt },
    ];
    const { id } = await create([], { rows, tools: [pack, pool('paints')], seeds: 2 });
    const done = await waitForTransfer(test, id, isCompared);
    expect(done).toMatchObject({ counts: { done: 8, failed: 0 }, seeds: [7, 8], tools: [pack, pool('paints')] });
    expect(done.cells.map(({ row, column, seed }) => [row, column, seed])).toEqual(
      [0, 1].flatMap((row) => [0, 1].flatMap((column) => [7, 8].map((seed) => [row, column, seed]))),
    );
    for (const { column, score, timeMs, cost, connectionId } of done.cells) {
      expect(score).toEqual(expect.any(Number));
      expect(timeMs).toBeGreaterThanOrEqual(0);
      expect({ cost, connectionId }).toEqual(
        column === 0 ? { cost: null, connectionId: null } : { cost: 0.5, connectionId: 'paints' },
      );
    }
    const [byPicture, byText] = done.rows;
    expect(byPicture).toMatchObject({ text: 'a red fox', comparedWith: 'picture', rating: { tools: 2 } });
    expect(byText).toMatchObject({ comparedWith: 'text', rating: { tools: 2 } });
    expect(server.asked('/prompt', 'POST')).toHaveLength(4);
    const item = await test.client.library.get({ itemId: done.cells[2]?.itemId ?? '' });
    expect(item).toMatchObject({ kind: 'generation', recipe: { kind: 'tool', seed: 7 } });

    const table = await test.client.transfers.export({ transferId: id, format: 'csv' });
    expect(table.trim().split('\r\n')).toHaveLength(9);
    expect(table).toContain('by the text,a red fox,paints,paints,8,done,');
    const page = await test.client.transfers.export({ transferId: id, format: 'html' });
    expect(page.match(/src="data:image/g)).toHaveLength(9);
    const sheet = await test.studio.drawTransfer(id);
    // Two lines of an original, and two tools with two seeds each: places of 256 and 2 between them.
    expect(Buffer.from(sheet).readUInt32BE(16)).toBe(5 * 258 - 2);
    expect(Buffer.from(sheet).readUInt32BE(20)).toBe(2 * 258 - 2);
    const kept = await test.client.transfers.sheet({ transferId: id });
    expect(kept).toMatchObject({ kind: 'picture', title: 'A comparison' });
    expect(Buffer.from(await test.studio.readImage(pictureOf(kept))).equals(Buffer.from(sheet))).toBe(true);
    expect(await test.client.transfers.list()).toMatchObject([{ id, name: 'A comparison', counts: { done: 8 } }]);
    expect(await test.client.transfers.remove({ transferId: id })).toEqual([]);
    expect(await readFailure(test.client.transfers.get({ transferId: id }))).toMatchObject({ code: 'not-found' });
  });

  it('refuses who is not there before anything is begun', async () => {
    for (const [tools, code] of [
      [[pool('nobody')], 'not-found'],
      [[{ type: 'pack' as const, packId: 'no-such-pack' }], 'pack-not-found'],
    ] as const) {
      expect(await readFailure(create(['a fox'], { name: 'Nobody', tools: [...tools] }))).toMatchObject({ code });
    }
    expect((await test.client.transfers.list()).map(({ name }) => name)).not.toContain('Nobody');
  });

  it('fails cell by cell, and draws again what a person wants', async () => {
    const server = await connectComfyui(test, 'moody');
    server.failure = { node_type: 'KSampler', exception_message: 'out of memory', exception_type: 'RuntimeError' };
    const { id } = await create(words(2), { tools: [pool('moody')] });
    const failed = await waitForTransfer(test, id, isAtRest);
    expect(failed.cells).toMatchObject([0, 1].map((row) => ({ row, state: 'failed', error: { code: 'tool-failed' } })));
    server.failure = null;
    await test.client.transfers.retry({ transferId: id, cells: [{ row: 1, column: 0, seedIndex: 0 }] });
    const mended = await waitForTransfer(test, id, isCompared);
    expect(mended.cells.map(({ state }) => state)).toEqual(['failed', 'done']);
  });

  it('gives up what is not drawn yet, and keeps what is', async () => {
    const server = await connectComfyui(test, 'slow');
    server.held = 'step';
    const { id } = await create(words(4), { tools: [pool('slow')] });
    await waitForTransfer(test, id, ({ counts }) => counts.running === 2);
    const cancelled = await test.client.transfers.cancel({ transferId: id });
    expect(cancelled.counts).toMatchObject({ cancelled: 4, queued: 0, running: 0 });
    server.held = null;
    await test.client.transfers.retry({ transferId: id });
    expect((await waitForTransfer(test, id, isCompared)).counts).toMatchObject({ done: 4 });
  });

  it('keeps four servers busy with 64 prompts, and loses nothing and pays nothing twice when one is killed', async () => {
    const names = ['one', 'two', 'three', 'four'];
    const servers = await Promise.all(names.map((name) => connectComfyui(test, name, { patienceSeconds: 5 })));
    for (const server of servers) server.held = 'step';
    const { id } = await create(words(64), { tools: [pool(...names)] });
    // Each draws one and none waits for another.
    const busy = await waitForTransfer(test, id, ({ cells }) => {
      const running = cells.filter(({ state, progress }) => state === 'running' && progress?.phase === 'denoising');
      return new Set(running.map(({ connectionId }) => connectionId)).size === 4;
    });
    expect(busy.cells.filter(({ jobId }) => jobId !== null)).toHaveLength(8);
    const [victim, ...others] = servers;
    for (const server of others) server.go();
    await waitForTransfer(test, id, ({ counts }) => counts.done >= 8);
    victim?.kill();
    const done = await waitForTransfer(test, id, isCompared);
    expect(done.counts).toMatchObject({ done: 64, failed: 0 });
    expect(new Set(done.cells.map(({ itemId }) => itemId)).size).toBe(64);
    const spent = (await test.client.connections.list()).filter((one) => names.includes(one.id));
    expect(spent.reduce((sum, one) => sum + one.spent.answers, 0)).toBe(64);
    for (const { connectionId } of done.cells) expect(names.slice(1)).toContain(connectionId);
    for (const server of others) expect(server.asked('/prompt', 'POST').length).toBeGreaterThan(8);
    // What the victim had been given, one that it drew and one in its queue, and nothing else was asked for a second time.
    expect(servers.reduce((sum, server) => sum + server.asked('/prompt', 'POST').length, 0)).toBe(66);
  });

  it('asks no other server for what may have been paid already', async () => {
    const price = { picture: 1, limit: null };
    const [first, second] = await Promise.all(
      ['dear', 'dearer'].map((name) => connectComfyui(test, name, { price, patienceSeconds: 5 })),
    );
    if (first === undefined || second === undefined) throw new Error('no servers');
    first.held = 'step';
    second.held = 'step';
    const { id } = await create(words(2), { tools: [pool('dear', 'dearer')] });
    await waitForTransfer(test, id, ({ counts }) => counts.running === 2);
    first.kill();
    second.go();
    const ended = await waitForTransfer(test, id, isCompared);
    expect(ended.cells).toMatchObject([
      { state: 'failed', connectionId: 'dear', error: { code: 'address-unreachable' } },
      { state: 'done', connectionId: 'dearer' },
    ]);
    expect(second.asked('/prompt', 'POST')).toHaveLength(1);
  });

  it('goes on where it was when the studio was closed in the middle, and pays nothing twice', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'dediffusion-transfer-'));
    onTestFinished(() => rm(dataFolder, { recursive: true, force: true }));
    const open = async (): Promise<TestStudio> => {
      const studio = await openStudio({ dataFolder, device: 'cpu' });
      return { studio, client: studio.client, close: () => studio.close() };
    };
    const first = await open();
    const server = await connectComfyui(first, 'patient');
    server.held = 'step';
    const order = orderOf(words(6), { tools: [pool('patient')] });
    const { id } = await first.client.transfers.create(order);
    await waitForTransfer(first, id, ({ cells }) => cells.some(({ progress }) => progress?.phase === 'denoising'));
    await first.close();
    server.go();
    const second = await open();
    onTestFinished(() => second.close());
    const done = await waitForTransfer(second, id, isAtRest);
    expect(done.cells.map(({ state, error }) => [state, error])).toEqual(order.rows.map(() => ['done', null]));
    expect(new Set(done.cells.map(({ itemId }) => itemId)).size).toBe(6);
    expect(await second.client.connections.list()).toMatchObject([{ id: 'patient', spent: { answers: 6 } }]);
  });

  it('keeps a tool’s key out of every file, every answer and every saved grid, also where the tool says it', async () => {
    const KEY = 'sk-planted-in-a-grid';
    const dataFolder = await mkdtemp(join(tmpdir(), 'dediffusion-transfer-'));
    // A process that decoded a picture may still be writing its cache down.
    onTestFinished(() => rm(dataFolder, { recursive: true, force: true, maxRetries: 10 }));
    const studio = await openStudio({ dataFolder, device: 'cpu', environment: { DEDIFFUSION_SECRET_MINE: KEY } });
    const one = { studio, client: studio.client, close: () => studio.close() };
    const server = await connectComfyui(one, 'locked', { secret: 'mine' });
    server.failure = { node_type: 'KSampler', exception_message: `no ${KEY} here`, exception_type: 'RuntimeError' };
    const { id } = await one.client.transfers.create(orderOf(words(1), { tools: [pool('locked')] }));
    const seen: unknown[] = [await waitForTransfer(one, id, isAtRest)];
    server.failure = null;
    await one.client.transfers.retry({ transferId: id });
    seen.push(await waitForTransfer(one, id, isAtRest));
    for (const format of ['csv', 'html'] as const) seen.push(await one.client.transfers.export({ transferId: id, format }));
    const sheet = pictureOf(await one.client.transfers.sheet({ transferId: id }));
    seen.push(Buffer.from(await studio.readImage(sheet)).toString('latin1'), await one.client.jobs.list());
    await studio.close();
    expect(seen.slice(0, 2)).toMatchObject([{ counts: { failed: 1 } }, { counts: { done: 1 } }]);
    expect(JSON.stringify(server.heard.map(({ headers }) => headers))).toContain(KEY);
    const files = readdirSync(dataFolder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [readFileSync(join(entry.parentPath, entry.name), 'latin1')] : [],
    );
    expect(files.length).toBeGreaterThan(3);
    for (const text of [JSON.stringify(seen), ...files]) expect(text).not.toContain(KEY);
  });
});
