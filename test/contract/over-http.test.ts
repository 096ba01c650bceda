import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../../contract/methods.ts';
import type { StudioClient } from '../../contract/methods.ts';
import type { LibraryItem } from '../../contract/library.ts';
import type { ConsentRequest } from '../../contract/outside/network.ts';
import type { PromptDocument, PromptEdit } from '../../contract/texts/prompt.ts';
import { transferOrderSchema } from '../../contract/transfer.ts';
import { decodeReading } from '../../contract/texts/reading.ts';
import { brokenFile, greys, isAtRest, readOnly, sendFiles, waitForBatch } from './batch-workshop.ts';
import { compareDeviceParts } from './compare-device-parts.ts';
import { compareLanguage } from './compare-language.ts';
import { makePicture } from './make-picture.ts';
import { PACK_ID, hasPack, openOverHttp } from './open-test-studio.ts';
import type { ServedStudio } from './open-test-studio.ts';
import { readFailure } from './read-failure.ts';
import { waitForJob, waitUntilRunning } from './wait-for-job.ts';

const slow = { kind: 'generate', prompt: { type: 'text', text: 'a fox' }, settings: { steps: 200, count: 8 } } as const;

/** What the other suites show in process holds over HTTP: every method, errors, streams, cancelling and bytes. */
describe.skipIf(!hasPack)('the contract over HTTP', { timeout: 180_000 }, () => {
  let test: ServedStudio;
  /** The page's client. */
  let far: StudioClient;
  /** The same studio, asked in process. */
  let near: StudioClient;
  let sample: LibraryItem;
  let text: PromptDocument;
  const called = new Set<string>();

  beforeAll(async () => {
    test = await openOverHttp((path) => called.add(path.replace('/rpc/', '')));
    ({ client: far } = test);
    near = test.studio.client;
    const [first] = (await far.packs.info({ packId: PACK_ID })).samples;
    sample = await far.images.addSample({ packId: PACK_ID, file: first?.file ?? '' });
    text = await far.prompts.create({ text: 'a red fox in the snow' });
  });
  afterAll(() => test.close());

  /** The answer over HTTP, once it is the one in process. */
  async function same<Answer>(ask: (client: StudioClient) => Promise<Answer>): Promise<Answer> {
    const answer = await ask(far);
    expect(answer).toEqual(await ask(near));
    return answer;
  }

  describe('gives the answers of the core', () => {
    it('about itself, its settings and the network', async () => {
      expect((await far.studio.info()).versions).toEqual((await near.studio.info()).versions);
      expect(await far.studio.probeDevices()).toEqual((await near.studio.info()).devices);
      expect((await far.studio.restartEngine()).device).toBe('cpu');
      expect((await far.studio.unload()).loadedSessions).toEqual([]);
      expect((await far.studio.storage()).parts.length).toBeGreaterThan(3);
      expect(await far.settings.update({ unloadAfterIdleMinutes: 9 })).toEqual(await same((client) => client.settings.get()));
      const origin = 'http://127.0.0.1:8188';
      const shown = 'Text goes there.';
      const consent: ConsentRequest = { origin, purpose: 'image-tool', sends: ['text'], keeps: ['picture'], shown };
      expect(await far.network.allow(consent)).toEqual(await near.network.report());
      expect((await same((client) => client.network.report())).consents).toHaveLength(1);
      expect((await far.network.revoke({ origin })).consents).toEqual([]);
      const address = 'https://updates.example/latest.yml';
      const sha512 = `${'A'.repeat(86)}==`;
      expect((await same((client) => readFailure(client.updates.read({ address })))).code).toBe('consent-needed');
      const events = async (client: StudioClient) => {
        for await (const event of await client.updates.bring({ address, bytes: 1, sha512 })) expect(event.type).toBe('progress');
      };
      expect((await same((client) => readFailure(events(client)))).code).toBe('consent-needed');
      await compareDeviceParts(far, same);
      const { key } = await far.accessKeys.create({ name: 'a script', scope: 'read' });
      expect(await same((client) => client.accessKeys.list())).toEqual([key]);
      expect(await far.accessKeys.revoke({ id: key.id })).toEqual([]);
    });

    it('about packs', async () => {
      const packId = PACK_ID;
      await same((client) => client.packs.list());
      await same((client) => client.packs.info({ packId }));
      await same((client) => client.packs.abilities({ packId }));
      await same((client) => client.packs.graphs({ packId }));
      // What is free changes from one moment to the next.
      await same(async (client) => (await client.packs.memory({ packId }))?.needBytes);
      await same((client) => client.packs.verify({ packId }));
      await same((client) => client.packs.overview());
      await same((client) => client.packs.measurements({ packId }));
      await same((client) => Promise.all([client.packs.catalogue(), client.packs.hub(), client.packs.keptInstalls()]));
      await same((client) => client.packs.discardInstall({ packId: 'nothing' }));
      await same((client) => readFailure(client.packs.plan({ source: { type: 'folder', path: '/nowhere' } })));
      await same((client) => readFailure(client.packs.remove({ packId })));
      await same((client) => readFailure(client.packs.move({ packId, folder: '/nowhere' })));
      await same((client) => readFailure(client.packs.exportTriton({ packId: 'no-such-pack', folder: '/nowhere' })));
    });

    it('about texts', async () => {
      await same((client) => client.prompts.read({ content: JSON.stringify(text) }));
      const edit: PromptEdit = { type: 'mute', slotIds: [text.slots[0]?.id ?? ''], muted: true };
      const after = await same((client) => client.prompts.edit({ document: text, edit }));
      await same((client) => client.prompts.inspect({ document: after }));
      const { document: heavy } = await far.prompts.readAs({ text: '(a fox:1.2)', dialect: 'a1111' });
      expect(heavy.slots[0]?.weight).toBe(1.2);
      await same((client) => client.prompts.export({ document: after, target: 'a1111' }));
      await same((client) => client.prompts.compare({ before: text, after }));
      const saved = await far.prompts.save({ document: after, title: 'winter' });
      expect(saved).toEqual(await near.library.get({ itemId: saved.id }));
    });

    it('about blends and language models', () => compareLanguage(test, text, same));

    it('about the library', async () => {
      const itemId = sample.id;
      const board = await far.library.createBoard({ name: 'Harbours' });
      await far.library.update({ itemId, starred: true, title: 'a beacon' });
      await far.library.updateMany({ itemIds: [itemId], change: { addToBoard: board.id } });
      await same((client) => Promise.all([client.library.get({ itemId }), client.library.lineage({ itemId })]));
      await same((client) => Promise.all([client.library.query({ boardId: board.id }), client.library.rows({ starred: true })]));
      expect(await same((client) => client.library.members({ itemIds: [itemId] }))).toContain(itemId);
      expect(await same((client) => client.library.ids({ text: 'beacon' }))).toEqual([itemId]);
      await same((client) => client.library.similar({ like: { type: 'text', text: 'a pig' } }));
      expect((await same((client) => client.library.overview())).boards).toEqual([{ ...board, items: 1 }]);
      expect(await far.library.updateBoard({ boardId: board.id, name: 'Ports' })).toMatchObject({ name: 'Ports', items: 1 });
      const [first, second] = await Promise.all(
        [31, 32].map(async (level) => test.studio.addImage(await makePicture(16, { r: level, g: 1, b: 1 }), { title: 'to go' })),
      );
      const itemIds = [first?.id ?? '', second?.id ?? ''];
      await far.library.updateMany({ itemIds, change: { trashed: true } });
      expect(await far.library.deleteForGood({ itemIds: itemIds.slice(0, 1) })).toEqual({ itemIds: itemIds.slice(0, 1) });
      expect(await far.library.emptyTrash()).toEqual({ itemIds: itemIds.slice(1) });
      await same((client) => readFailure(client.library.takeDrawn({ itemId: 'nothing' })));
      expect((await far.library.rebuild()).problems).toEqual([]);
    });

    it('about transfers, with their tables', async () => {
      const rows = [{ name: 'one', prompt: { type: 'text' as const, text: 'a red fox' } }];
      const order = transferOrderSchema.parse({ name: 'Side by side', rows, tools: [{ type: 'pack', packId: PACK_ID }] });
      const { id: transferId } = await far.transfers.create({ ...order, settings: { steps: 200 } });
      expect((await far.transfers.cancel({ transferId })).counts).toMatchObject({ cancelled: 1 });
      expect((await same((client) => client.transfers.get({ transferId }))).rows).toMatchObject([{ text: 'a red fox' }]);
      await far.transfers.retry({ transferId });
      await far.transfers.cancel({ transferId });
      expect(await same((client) => client.transfers.export({ transferId, format: 'csv' }))).toContain('a red fox');
      expect(await same((client) => client.transfers.sheet({ transferId }))).toMatchObject({ title: 'Side by side' });
      expect(await same((client) => client.transfers.list())).toMatchObject([{ id: transferId, name: 'Side by side' }]);
      await same((client) => readFailure(client.transfers.takeDrawn({ transferId, itemId: sample.id })));
      expect(await far.transfers.remove({ transferId })).toEqual([]);
    });

    it('about batches, their tables in pieces', async () => {
      const { id: batchId } = await far.batches.create({ name: 'Holiday', settings: readOnly });
      await far.batches.pause({ batchId });
      await far.batches.add({ batchId, files: await sendFiles(test, [...(await greys(3)), brokenFile]) });
      await far.batches.update({ batchId, name: 'Sea' });
      const { rows } = await same((client) => client.batches.rows({ batchId }));
      const [first, second, third] = rows.map(({ id }) => id);
      await far.batches.reorderRows({ batchId, rowIds: [third ?? ''], beforeId: first ?? '' });
      await far.batches.removeRows({ batchId, rowIds: [second ?? ''] });
      expect(await far.batches.reorder({ batchId, beforeId: null })).toEqual(await near.batches.list());
      await far.batches.resume({ batchId });
      await waitForBatch(test, batchId, isAtRest);
      expect(await same((client) => client.batches.get({ batchId }))).toMatchObject({
        name: 'Sea',
        counts: { done: 2, failed: 1 },
      });
      expect((await far.batches.retry({ batchId })).counts).toMatchObject({ failed: 1 });
      expect((await far.batches.cancel({ batchId })).counts).toMatchObject({ done: 2 });
      const read = async (client: StudioClient): Promise<string> => {
        let table = '';
        for await (const piece of await client.batches.export({ batchId, format: 'csv', target: 'plain' })) table += piece;
        return table;
      };
      expect(await same(read)).toContain('broken.png');
      expect(await far.batches.collect({ batchId })).toMatchObject({ id: batchId });
      await same((client) => client.batches.list());
      expect(await far.batches.remove({ batchId })).toEqual([]);
    });
  });

  describe('ends what fails', () => {
    it.each<[string, (client: StudioClient) => Promise<unknown>]>([
      ['not-found', (client) => client.library.get({ itemId: 'nothing' })],
      ['not-found', (client) => client.prompts.edit({ document: text, edit: { type: 'delete', slotIds: ['nothing'] } })],
      ['pack-not-found', (client) => client.packs.info({ packId: 'no-such-pack' })],
      ['address-refused', (client) => client.images.addFromAddress({ address: 'http://example.com/a.png' })],
      ['bad-request', (client) => client.library.query({ limit: 'many' } as unknown as { limit: number })],
      ['bad-request', (client) => client.images.info({ sha256: '../../etc/passwd' })],
      [
        'not-found',
        async (client) => (await client.batches.export({ batchId: 'nothing', format: 'csv', target: 'plain' })).next(),
      ],
    ])('as %s, with all that the core says of it', async (code, call) => {
      const body = await same((client) => readFailure(call(client)));
      expect(body.code).toBe(code);
      expect(body.hint).not.toBe('');
    });

    it('and a method that there is not', async () => {
      const group = far.library as unknown as Record<string, () => Promise<unknown>>;
      await expect(group['burn']?.()).rejects.toThrow();
      called.delete('library/burn');
    });
  });

  describe('streams', () => {
    it('events to every reader, from hello until the reader goes', async () => {
      const readers = await Promise.all(
        [0, 1].map(async () => {
          const stop = new AbortController();
          const events = await far.studio.events(undefined, { signal: stop.signal });
          expect((await events.next()).value).toMatchObject({ type: 'hello' });
          return { stop, events };
        }),
      );
      const item = await test.studio.addImage(await makePicture(16, { r: 19, g: 8, b: 7 }), { title: 'for all' });
      for (const { stop, events } of readers) {
        for (;;) {
          const { done, value } = await events.next();
          if (done === true) throw new Error('the stream ended');
          if (value.type !== 'library-changed') continue;
          expect(value.itemIds).toContain(item.id);
          break;
        }
        stop.abort();
        await expect(events.next()).rejects.toThrow();
      }
    });

    it('the progress of a check, until its end', async () => {
      const seen: string[] = [];
      for await (const event of await far.packs.check({ packId: PACK_ID })) seen.push(event.type);
      expect(seen.length).toBeGreaterThan(1);
      expect(seen.at(-1)).toBe('done');
    });

    it('end with the studio', async () => {
      const other = await openOverHttp(() => undefined);
      const events = await other.client.studio.events();
      await events.next();
      const drain = async (): Promise<void> => {
        while ((await events.next()).done !== true);
      };
      // How it ends is the transport's; that it ends is the studio's.
      await Promise.all([drain().catch(() => undefined), other.close()]);
      await expect(other.client.studio.info()).rejects.toThrow();
    });
  });

  it('cancels a drawing in the middle, takes it up again, and forgets it', async () => {
    const { id: jobId } = await far.jobs.submit({ ...slow, parents: [] });
    expect((await waitUntilRunning(far, jobId)).state).toBe('running');
    expect(await far.jobs.cancel({ jobId })).toMatchObject({ state: 'cancelled', error: null });
    expect(await far.jobs.retry({ jobId })).toMatchObject({ id: jobId, state: 'queued' });
    await far.jobs.cancel({ jobId });
    await same((client) => client.jobs.get({ jobId }));
    await same((client) => client.jobs.list());
    expect(await far.jobs.clear()).toContain(jobId);
  });

  it('carries bytes both ways: a picture as it was sent, and what was read in it', async () => {
    const bytes = new Uint8Array(await makePicture(48, { r: 7, g: 90, b: 160 }));
    const { origin, headers } = test;
    const sent = await fetch(`${origin}/images`, { method: 'POST', body: bytes, headers: { ...headers, 'x-title': 'sent' } });
    expect(sent.status).toBe(200);
    const [item] = (await near.library.query({ text: 'sent' })).items;
    if (item?.kind !== 'picture') throw new Error('no picture');
    const { sha256 } = item.image;
    await same((client) => client.images.info({ sha256 }));
    await same((client) => client.images.metadata({ sha256 }));
    const region = { x: 0, y: 8, width: 48, height: 8 };
    expect(await far.images.maskOfRegion({ itemId: item.id, region })).toMatchObject({ kind: 'picture', parents: [item.id] });
    const load = async (path: string) => new Uint8Array(await (await fetch(`${origin}${path}`, { headers })).arrayBuffer());
    expect(await load(`/images/${sha256}`)).toEqual(bytes);
    const { id } = await far.jobs.submit({ kind: 'encode', imageSha256s: [sha256], lengths: [5] });
    const { result } = await waitForJob(far, id);
    const [source] = (result?.kind === 'encode' ? result.images[0]?.documents[0]?.document.sources : undefined) ?? [];
    if (source?.type !== 'reading' || source.sha256 === null) throw new Error('no reading');
    expect(decodeReading(await load(`/readings/${source.sha256}`))).toEqual(await test.studio.readReading(source.sha256));
  });

  it('has every method', () => {
    const methods = Object.entries(contract).flatMap(([group, named]) => Object.keys(named).map((name) => `${group}/${name}`));
    expect([...called].sort()).toEqual(methods.sort());
  });
});
