import { expect, it } from 'vitest';
import { promptDocumentSchema } from '../../../../../../contract/texts/prompt.ts';
import { joinTexts } from '../../../../../../renderer/state/text/readers/join-texts.ts';
import { makeDocument } from '../../../../../helpers/make-document.ts';

const image = 'a'.repeat(64);

it('puts the words of two readings one behind the other, each with its region', () => {
  const whole = makeDocument(3, image);
  const region = { x: 1, y: 2, width: 30, height: 40 };
  const [source] = whole.sources;
  if (source?.type !== 'reading') throw new Error('a text that was read');
  const part = { ...makeDocument(2, image), sources: [{ ...source, region }] };
  const joined = joinTexts(whole, part);
  expect(joined.slots.map(({ text }) => text)).toEqual([...whole.slots, ...part.slots].map(({ text }) => text));
  expect(new Set(joined.slots.map(({ id }) => id)).size).toBe(5);
  const regions = joined.slots.map((slot) => {
    const from = joined.sources[slot.source];
    return from?.type === 'reading' ? (from.region ?? null) : undefined;
  });
  expect(regions).toEqual([null, null, null, region, region]);
  expect(joined).toMatchObject({ length: null, imageSha256: image });
  expect(promptDocumentSchema.safeParse(joined).success).toBe(true);
});

it('lists a source once, and ends the word that is no longer the last', () => {
  const whole = makeDocument(2, image);
  const open = { ...whole, slots: whole.slots.map((slot) => ({ ...slot, endsWord: false })) };
  const joined = joinTexts(open, whole);
  expect(joined.sources).toHaveLength(1);
  expect(joined.slots.map(({ endsWord }) => endsWord).slice(0, 2)).toEqual([false, true]);
});
