import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportTargetSchema } from '../../contract/prompt.ts';
import { PACK_ID, hasPack, transports } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { readFailure } from './read-failure.ts';

describe.skipIf(!hasPack).each(transports)('packs and prompts $name', ({ open }) => {
  let test: TestStudio;

  beforeAll(async () => {
    test = await open();
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

  it('makes a document of a text, edits, inspects, exports and keeps it', async () => {
    const document = await test.client.prompts.create({ text: 'a red fox in the snow' });
    expect(document).toMatchObject({ packId: PACK_ID, length: null, imageSha256: null });
    for (const slot of document.slots) expect(slot).toMatchObject({ origin: 'hand', weight: 1, muted: false });

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

  it('says which slot an edit did not find', async () => {
    const document = await test.client.prompts.create({ text: 'a fox' });
    const body = await readFailure(test.client.prompts.edit({ document, edit: { type: 'delete', slotIds: ['nothing'] } }));
    expect(body).toMatchObject({ code: 'not-found', details: { slotId: 'nothing' } });
    expect(body.hint).not.toBe('');
  });
});
