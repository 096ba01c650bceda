import { expect, it } from 'vitest';
import { promptDocumentSchema } from '../../../contract/texts/prompt.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import { regionToRedraw, rowsOf } from '../../../contract/texts/region.ts';
import type { PictureRegion } from '../../../contract/texts/reading.ts';

const picture = 'a'.repeat(64);
const part: PictureRegion = { x: 0, y: 0, width: 8, height: 8 };
const around: PictureRegion = { ...part, around: true };

/** A text with a word for each reading. */
function textOf(...regions: readonly (PictureRegion | undefined)[]): PromptDocument {
  return promptDocumentSchema.parse({
    ...{ schemaVersion: 2, id: 'text', packId: 'pack', length: null, imageSha256: picture },
    sources: regions.map((region, index) => ({
      ...{ type: 'reading', sha256: null, packId: 'pack', imageSha256: picture, length: index + 1, region },
    })),
    slots: regions.map((_, source) => ({
      ...{ id: `word-${source}`, tokenId: source, text: 'word', endsWord: true, source, position: 0 },
      ...{ exact: true, probability: 1, weight: 1 },
    })),
  });
}

it('the part of a text is the one its words were read from', () => {
  expect(regionToRedraw(textOf(part), picture)).toEqual(part);
  expect(regionToRedraw(textOf(around), picture)).toEqual(around);
  expect(regionToRedraw(textOf(undefined, part), picture)).toEqual(part);
  expect(regionToRedraw(textOf(part, around), picture)).toEqual(part);
});

it('a text of all of a picture, of several parts, or of another picture has none', () => {
  expect(regionToRedraw(textOf(undefined), picture)).toBeNull();
  expect(regionToRedraw(textOf(part, { ...part, x: 8 }), picture)).toBeNull();
  expect(regionToRedraw(textOf(part), 'b'.repeat(64))).toBeNull();
  const unused = textOf(part, undefined);
  expect(regionToRedraw({ ...unused, slots: unused.slots.slice(1) }, picture)).toBeNull();
});

it('its pixels are those whose middle lies inside, or all others', () => {
  const pixels = (...[of, isAround]: [Parameters<typeof rowsOf>[0], boolean]): number[] =>
    [...rowsOf(of, isAround, { width: 4, height: 2 })].flatMap((row) => [...row]);
  expect(pixels({ x: 1, y: 0, width: 2, height: 1 }, false)).toEqual([0, 1, 1, 0, 0, 0, 0, 0]);
  expect(pixels({ x: 1, y: 0, width: 2, height: 1 }, true)).toEqual([1, 0, 0, 1, 1, 1, 1, 1]);
  const outline = [
    [0, 0],
    [2, 0],
    [0, 2],
  ] as const;
  expect(pixels({ x: 0, y: 0, width: 2, height: 2, outline }, false)).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
});
