import type { Slot } from '../../contract/texts/prompt.ts';

/** Words that are one token each, with their ids in CLIP's vocabulary. */
const words: readonly (readonly [text: string, tokenId: number])[] = [
  ['a', 320],
  ['red', 736],
  ['fox', 3240],
  ['in', 530],
  ['deep', 3383],
  ['snow', 2583],
  ['under', 1798],
  ['a', 320],
  ['pale', 12518],
  ['blue', 1746],
  ['sky', 2390],
  ['soft', 3773],
  ['light', 1395],
  ['flat', 6313],
  ['style', 1844],
];
const tokenIds = new Map(words);

/** A slot as an encoder reads it: sure of itself. */
export function makeSlot(index: number, text: string, changes: Partial<Slot> = {}): Slot {
  const probability = 0.95 - (index % 5) * 0.15;
  const tokenId = tokenIds.get(text) ?? 40_000 + index;
  return {
    id: `s${index + 1}`,
    tokenId,
    text,
    endsWord: true,
    source: 0,
    position: index,
    exact: true,
    probability,
    weight: 1,
    ...changes,
  };
}
