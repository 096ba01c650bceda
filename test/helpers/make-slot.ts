import type { Slot } from '../../contract/prompt.ts';

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

/** A slot as an encoder reads it: sure of itself, looking at one patch, with a wolf and a cat for alternatives. */
export function makeSlot(index: number, text: string, changes: Partial<Slot> = {}): Slot {
  const attention = Array.from({ length: 64 }, (_, patch) => (patch === (index * 9) % 64 ? 0.37 : 0.01));
  const probability = 0.95 - (index % 5) * 0.15;
  const tokenId = tokenIds.get(text) ?? 40_000 + index;
  return {
    id: `s${index + 1}`,
    tokenId,
    text,
    endsWord: true,
    origin: 'imageA',
    exact: true,
    probability,
    position: index,
    alternatives: [
      { tokenId, text, probability },
      { tokenId: 5916, text: 'wolf', probability: (1 - probability) * 0.6 },
      { tokenId: 2368, text: 'cat', probability: (1 - probability) * 0.2 },
    ],
    attention,
    weight: 1,
    locked: false,
    muted: false,
    ...changes,
  };
}
