import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePicture } from './make-picture.ts';
import { PACK_ID, openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { readFailure } from './read-failure.ts';

const NO_SUCH_SHA = 'f'.repeat(64);

describe('the contract', () => {
  let test: TestStudio;

  beforeAll(async () => {
    test = await openInProcess();
  });
  afterAll(() => test.close());

  let pictures = 0;
  const addPicture = async (title: string) => {
    pictures += 1;
    return test.studio.addImage(await makePicture(64, { r: pictures, g: 90, b: 160 }), { title });
  };

  describe('studio', () => {
    it('says what it is made of', async () => {
      const info = await test.client.studio.info();
      expect(info.versions.studio).toMatch(/^\d+\.\d+\.\d+$/);
      expect(info.versions.onnxruntime).toMatch(/^\d+\.\d+\.\d+$/);
      expect(info.versions.node).toBe(process.versions.node);
      expect(info.defaultPackId).toBe(PACK_ID);
      expect(info.libraryItems).toBeGreaterThanOrEqual(0);
    });

    it('knows the devices once they were tried, each with a reason', async () => {
      expect((await test.client.studio.info()).devices).toEqual([]);
      const probes = await test.studio.probeDevices();
      const { devices, engine } = await test.client.studio.info();
      expect(devices).toEqual(probes);
      expect(devices.find(({ device }) => device === 'cpu')).toMatchObject({ available: true });
      for (const { reason } of devices) expect(reason).not.toBe('');
      expect(engine.device).toBe('cpu');
      expect(engine.reason).not.toBe('');
    });

    it('starts the engine again when asked', async () => {
      const status = await test.client.studio.restartEngine();
      expect(status.state).not.toBe('failed');
      expect(status.device).toBe('cpu');
    });
  });

  describe('library', () => {
    it('finds, shows, changes and follows an item', async () => {
      const item = await addPicture('a lighthouse at dusk');
      const page = await test.client.library.query({ text: 'lighthouse' });
      expect(page.items.map(({ id }) => id)).toEqual([item.id]);
      expect(page.total).toBe(1);
      expect(await test.client.library.get({ itemId: item.id })).toEqual(item);

      const changed = await test.client.library.update({ itemId: item.id, title: 'a beacon', starred: true });
      expect(changed).toMatchObject({ id: item.id, title: 'a beacon', starred: true, trashed: false });
      expect((await test.client.library.query({ text: 'lighthouse' })).items).toEqual([]);
      expect((await test.client.library.query({ text: 'beacon', starred: true })).items).toEqual([changed]);

      const lineage = await test.client.library.lineage({ itemId: item.id });
      expect(lineage).toEqual({ item: changed, ancestors: [], descendants: [] });
    });

    it('pages through items without losing or repeating one', async () => {
      const added = [];
      for (const number of [1, 2, 3, 4, 5]) added.push((await addPicture(`paged ${'x'.repeat(number)}`)).id);
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await test.client.library.query({ text: 'paged', limit: 2, ...(after === undefined ? {} : { after }) });
        expect(page.total).toBe(5);
        seen.push(...page.items.map(({ id }) => id));
        after = page.next ?? undefined;
      } while (after !== undefined);
      expect(seen).toEqual(added.reverse());
    });

    it('makes its index again from what is stored', async () => {
      const item = await addPicture('survives the rebuild');
      const before = (await test.client.library.query({})).total;
      const report = await test.client.library.rebuild();
      expect(report).toEqual({ items: before, problems: [] });
      expect((await test.client.library.query({ text: 'survives' })).items).toEqual([item]);
    });

    it('says of a stored picture what it is', async () => {
      const item = await addPicture('facts');
      expect(await test.client.images.info({ sha256: item.image.sha256 })).toEqual(item.image);
      expect(item.image).toMatchObject({ width: 64, height: 64, mediaType: 'image/png' });
    });
  });

  describe('errors', () => {
    it.each([
      ['library.get', () => test.client.library.get({ itemId: 'nothing' })],
      ['library.lineage', () => test.client.library.lineage({ itemId: 'nothing' })],
      ['library.update', () => test.client.library.update({ itemId: 'nothing', starred: true })],
      ['images.info', () => test.client.images.info({ sha256: NO_SUCH_SHA })],
      ['jobs.get', () => test.client.jobs.get({ jobId: 'nothing' })],
      ['jobs.cancel', () => test.client.jobs.cancel({ jobId: 'nothing' })],
      ['jobs.retry', () => test.client.jobs.retry({ jobId: 'nothing' })],
    ])('%s of what does not exist is not-found with a hint', async (_, call) => {
      const body = await readFailure(call());
      expect(body.code).toBe('not-found');
      expect(body.message).not.toBe('');
      expect(body.hint).not.toBe('');
    });

    it.each([
      ['packs.info', () => test.client.packs.info({ packId: 'no-such-pack' })],
      ['packs.abilities', () => test.client.packs.abilities({ packId: 'no-such-pack' })],
      ['packs.verify', () => test.client.packs.verify({ packId: 'no-such-pack' })],
      ['images.addSample', () => test.client.images.addSample({ packId: 'no-such-pack', file: 'samples/a.png' })],
      ['prompts.create', () => test.client.prompts.create({ packId: 'no-such-pack', text: 'a fox' })],
    ])('%s of an unknown pack is pack-not-found with a hint', async (_, call) => {
      const body = await readFailure(call());
      expect(body.code).toBe('pack-not-found');
      expect(body.hint).not.toBe('');
    });

    it('names the argument that does not fit', async () => {
      const wrong = { limit: 'many' } as unknown as { limit: number };
      const body = await readFailure(test.client.library.query(wrong));
      expect(body).toMatchObject({ code: 'bad-request', details: { place: 'limit' } });
      expect(body.hint).not.toBe('');
    });

    it.each([
      ['a sha256 that is none', () => test.client.images.info({ sha256: '../../etc/passwd' })],
      ['an id with a path in it', () => test.client.library.get({ itemId: '../items/x' })],
      ['no lengths', () => test.client.jobs.submit({ kind: 'encode', imageSha256s: [NO_SUCH_SHA], lengths: [] })],
      [
        'too many steps',
        () => test.client.jobs.submit({ kind: 'generate', prompt: { type: 'text', text: 'a fox' }, settings: { steps: 1e6 } }),
      ],
      ['a text beyond the limit', () => test.client.prompts.create({ text: 'a'.repeat(100_001) })],
      ['nothing at all', () => test.client.library.get(undefined as unknown as { itemId: string })],
    ])('%s is a bad-request', async (_, call) => {
      const body = await readFailure(call());
      expect(body.code).toBe('bad-request');
      expect(body.hint).not.toBe('');
    });

    it('an unknown method is an error, never an empty answer', async () => {
      const call = async (group: string, method: string): Promise<unknown> => {
        const methods = Reflect.get(test.client, group) as object | undefined;
        return Reflect.apply(Reflect.get(methods ?? {}, method) as () => Promise<unknown>, methods, []);
      };
      await expect(call('studio', 'info')).resolves.toHaveProperty('versions');
      await expect(call('library', 'burn')).rejects.toThrow();
      await expect(call('nothing', 'at-all')).rejects.toThrow();
    });
  });
});
