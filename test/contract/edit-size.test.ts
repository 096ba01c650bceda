import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromptEdit } from '../../contract/texts/prompt.ts';
import { hasPack, openInProcess } from './open-test-studio.ts';
import { Workshop } from './workshop.ts';

/** 12 kB each way, of 1,000 bytes. */
const mostBytes = 12_000;
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe.runIf(hasPack)('an edit of a text of 75 tokens', () => {
  let shop: Workshop;
  beforeAll(async () => {
    shop = await Workshop.open(openInProcess);
  });
  afterAll(() => shop.test.close());

  it('is at most 12 kB each way', async () => {
    const document = (await shop.readTexts()).find((text) => text.document.length === 75)?.document;
    if (document === undefined) throw new Error('no text of 75 tokens');
    expect(document.slots.length).toBeGreaterThan(60);
    const slotIds = document.slots.map(({ id }) => id);
    const { text } = await shop.test.client.prompts.inspect({ document });
    const edits: PromptEdit[] = [
      { type: 'set-text', text: `${text} and a fox` },
      { type: 'step-weight', slotIds: slotIds.slice(0, 1), steps: 1 },
      { type: 'lock', slotIds: slotIds.slice(0, 10), locked: true },
    ];
    for (const edit of edits) {
      const sent = { document, edit };
      expect(bytesOf(sent)).toBeLessThanOrEqual(mostBytes);
      expect(bytesOf(await shop.test.client.prompts.edit(sent))).toBeLessThanOrEqual(mostBytes);
    }
  });

  it('leaves out what is not set, and comes back as it was', async () => {
    const [read] = await shop.readTexts();
    if (read === undefined) throw new Error('no text');
    const { document } = read;
    const slotIds = document.slots.map(({ id }) => id);
    const { edit } = shop.test.client.prompts;
    const locked = await edit({ document, edit: { type: 'lock', slotIds, locked: true } });
    const muted = await edit({ document: locked, edit: { type: 'mute', slotIds, muted: true } });
    expect(muted.slots.every((slot) => slot.locked === true && slot.muted === true)).toBe(true);
    const free = await edit({ document: muted, edit: { type: 'lock', slotIds, locked: false } });
    expect(JSON.stringify(await edit({ document: free, edit: { type: 'mute', slotIds, muted: false } }))).toBe(
      JSON.stringify(document),
    );
  });
});
