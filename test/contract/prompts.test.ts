import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportTargetSchema } from '../../contract/texts/prompt.ts';
import { PACK_ID, hasPack, openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { readFailure } from './read-failure.ts';

describe.skipIf(!hasPack)('packs and prompts', () => {
  let test: TestStudio;

  beforeAll(async () => {
    test = await openInProcess();
  });
  afterAll(() => test.close());

  it('lists the embedded pack, shows its manifest and finds it whole', async () => {
    const [pack] = await test.client.packs.list();
    expect(pack).toMatchObject({ id: PACK_ID, embedded: true, lengths: [5, 15, 75], roles: ['encoder', 'decoder', 'scorer'] });
    const manifest = await test.client.packs.info({ packId: PACK_ID });
    expect(manifest.id).toBe(PACK_ID);
    const verification = await test.client.packs.verify({ packId: PACK_ID });
    expect(verification).toEqual({ id: PACK_ID, ok: true, checked: manifest.files.length, problems: [] });
  });

  it('adds every sample scene the pack ships', async () => {
    const { samples } = await test.client.packs.info({ packId: PACK_ID });
    expect(samples.length).toBeGreaterThanOrEqual(3);
    for (const { file, title } of samples) {
      const item = await test.client.images.addSample({ packId: PACK_ID, file });
      expect(item).toMatchObject({ kind: 'picture', title });
    }
    const body = await readFailure(test.client.images.addSample({ packId: PACK_ID, file: 'pack.json' }));
    expect(body.code).toBe('not-found');
  });

  it('reads a text of another tool', async () => {
    const text = 'a (fox:1.2)\nNegative prompt: dog\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 42';
    const { document, ...rest } = await test.client.prompts.readAs({ text, dialect: 'a1111' });
    expect(document).toMatchObject({
      packId: PACK_ID,
      slots: [
        { text: 'a', weight: 1 },
        { text: 'fox', weight: 1.2 },
      ],
    });
    expect(rest).toEqual({
      negative: 'dog',
      settings: { seed: 42, steps: 20, guidance: 7, scheduler: 'euler-ancestral' },
      notes: [],
    });
  });

  it('makes a document of a text, edits, inspects, exports and keeps it', async () => {
    const document = await test.client.prompts.create({ text: 'a red fox in the snow' });
    expect(document).toMatchObject({ packId: PACK_ID, length: null, imageSha256: null });
    expect(document.sources).toEqual([{ type: 'hand' }]);
    for (const slot of document.slots) expect(slot).toMatchObject({ source: 0, weight: 1 });

    const edited = await test.client.prompts.edit({ document, edit: { type: 'set-text', text: 'a blue fox in the snow' } });
    const inspection = await test.client.prompts.inspect({ document: edited });
    expect(inspection.text).toBe('a blue fox in the snow');
    expect(inspection.tokenCount).toBe(edited.slots.length);
    expect(inspection.budgets.length).toBeGreaterThan(0);

    for (const target of exportTargetSchema.options) {
      const exported = await test.client.prompts.export({ document: edited, target, options: { aspect: '16:9' } });
      expect(exported.target).toBe(target);
      expect(exported.text).toContain('blue fox');
    }

    const saved = await test.client.prompts.save({ document: edited, title: 'winter' });
    expect(saved).toMatchObject({ kind: 'prompt', title: 'winter', text: 'a blue fox in the snow', prompt: edited });
    const found = await test.client.library.query({ text: 'blue fox', kinds: ['prompt'] });
    expect(found.items.map(({ id }) => id)).toEqual([saved.id]);
  });

  it('reads prompt files: text, a document, a library item that holds one', async () => {
    const document = await test.client.prompts.create({ text: 'a red fox' });
    const fromText = await test.client.prompts.read({ content: 'a red fox\n' });
    expect(fromText.slots.map(({ tokenId }) => tokenId)).toEqual(document.slots.map(({ tokenId }) => tokenId));
    expect(await test.client.prompts.read({ content: JSON.stringify(document) })).toEqual(document);
    const saved = await test.client.prompts.save({ document });
    expect(await test.client.prompts.read({ content: JSON.stringify(saved) })).toEqual(document);
    const damaged = await readFailure(test.client.prompts.read({ content: JSON.stringify({ slots: 1 }) }));
    expect(damaged.code).toBe('prompt-invalid');
    const strange = { ...document, packId: 'nowhere' };
    const unknown = await readFailure(test.client.prompts.read({ content: JSON.stringify(strange) }));
    expect(unknown.code).toBe('pack-not-found');
    expect((await readFailure(test.client.prompts.read({ content: ' ' }))).code).toBe('prompt-empty');
  });

  it('asks no address that is not https or not on the open internet', async () => {
    for (const address of [
      'http://example.com/a.png',
      'https://127.0.0.1/a.png',
      'https://[::1]/a.png',
      'https://localhost/a.png',
    ]) {
      const body = await readFailure(test.client.images.addFromAddress({ address }));
      expect(body.code).toBe('address-refused');
    }
  });

  it('says which slot an edit did not find', async () => {
    const document = await test.client.prompts.create({ text: 'a fox' });
    const body = await readFailure(test.client.prompts.edit({ document, edit: { type: 'delete', slotIds: ['nothing'] } }));
    expect(body).toMatchObject({ code: 'not-found', details: { slotId: 'nothing' } });
    expect(body.hint).not.toBe('');
  });
});
