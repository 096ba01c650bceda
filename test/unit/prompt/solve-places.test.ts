import { beforeAll, describe, expect, it } from 'vitest';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import { editPrompt } from '../../../main/prompt/edit-prompt.ts';
import { findFreePlaces } from '../../../main/prompt/find-free-places.ts';
import { leaveWordsOut } from '../../../main/prompt/leave-words-out.ts';
import { putTokens } from '../../../main/prompt/put-tokens.ts';
import { renderPrompt } from '../../../main/prompt/render-prompt.ts';
import { loadClipTokenizer } from '../../../main/tokenizer/load-clip-tokenizer.ts';
import type { Tokenizer } from '../../../main/tokenizer/tokenizer.ts';
import { encodedDocument, encodedReading } from './encoded-document.ts';

let tokenizer: Tokenizer;
let read: PromptDocument;
beforeAll(async () => {
  tokenizer = await loadClipTokenizer();
  read = encodedDocument('red fox sits on green hill', tokenizer);
});
const idOf = (word: string): number => tokenizer.encode(word)[0]?.id ?? -1;
const placesOf = (document: PromptDocument): (readonly [number, number | null])[] =>
  findFreePlaces(document, encodedReading(read, tokenizer)).map(({ slotIndex, position }) => [slotIndex, position] as const);

describe('leaveWordsOut', () => {
  it('leaves each content word out once, with all its tokens and nothing else', () => {
    const text = encodedDocument('a red unicyclist on the hill', tokenizer);
    const words = leaveWordsOut(editPrompt(text, { type: 'weigh', slotIds: ['q1'], weight: 1.2 }, tokenizer));
    expect(words.map((word) => word.text)).toEqual(['red', 'unicyclist', 'hill']);
    const long = words[1];
    expect(long?.slotIds.length).toBeGreaterThan(1);
    expect(tokenizer.decode(long?.without.tokenIds ?? []).trim()).toBe('a red on the hill');
    expect(long?.without.tokenWeights).toEqual([1, 1.2, 1, 1, 1]);
  });

  it('takes no notice of muted words', () => {
    const muted = editPrompt(read, { type: 'mute', slotIds: ['q1'], muted: true }, tokenizer);
    expect(leaveWordsOut(muted).map(({ text }) => text)).toEqual(['red', 'sits', 'green', 'hill']);
  });
});

describe('findFreePlaces', () => {
  it('frees what is neither locked nor muted, each at its own place', () => {
    const locked = editPrompt(read, { type: 'lock', slotIds: ['q0', 'q1'], locked: true }, tokenizer);
    const muted = editPrompt(locked, { type: 'mute', slotIds: ['q5'], muted: true }, tokenizer);
    expect(placesOf(muted)).toEqual([
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
  });

  it('gives a word by hand the place of the word it replaced, and none where nothing was read', () => {
    const typed = editPrompt(read, { type: 'set-text', text: 'red wolf sits on green hill today' }, tokenizer);
    expect(placesOf(typed)).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
      [5, 5],
    ]);
    const moved = editPrompt(typed, { type: 'move', slotIds: ['q5'], toIndex: 0 }, tokenizer);
    expect(placesOf(moved)[0]).toEqual([0, 5]);
  });
});

describe('putTokens', () => {
  it('changes free slots only, into readings of the picture', () => {
    const typed = editPrompt(read, { type: 'set-text', text: 'red wolf sits on green hill' }, tokenizer);
    const weighed = editPrompt(typed, { type: 'weigh', slotIds: [typed.slots[1]?.id ?? ''], weight: 1.4 }, tokenizer);
    const places = findFreePlaces(weighed, encodedReading(read, tokenizer));
    const [source] = read.sources;
    if (source === undefined) throw new Error('a text that was read from nothing');
    const tokens = weighed.slots.map(({ tokenId }) => tokenId).with(1, idOf('fox'));
    const solved = putTokens(weighed, tokens, { places, source }, tokenizer);
    expect(renderPrompt(solved).text).toBe('red fox sits on green hill');
    expect(solved.slots[1]).toMatchObject({ source: 0, exact: true, position: 1, probability: 0.75, weight: 1.4 });
    expect(solved.slots[1]?.id).toBe(weighed.slots[1]?.id);
    expect(solved.slots[0]).toBe(weighed.slots[0]);
  });
});
