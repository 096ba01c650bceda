import { describe, expect, it } from 'vitest';
import type { PromptDocument } from '../../../../../contract/texts/prompt.ts';
import { comparePrompts } from '../../../../../main/prompt/compare-prompts.ts';
import { leaveWordsOut } from '../../../../../main/prompt/leave-words-out.ts';
import { diffPieces } from '../../../../../renderer/features/words/tools/diff-pieces.ts';
import { describeValue } from '../../../../../renderer/features/words/describe-value.ts';
import { groupWords } from '../../../../../renderer/state/text/prompt-text.ts';
import { valueLevels } from '../../../../../renderer/state/text/tools/value-levels.ts';
import { openUnconnectedPage } from '../../open-unconnected-page.ts';
import { makeDocument } from '../../../../helpers/make-document.ts';
import { makeSlot } from '../../../../helpers/make-slot.ts';

const valued = (text: string, value: number) => ({ slotIds: [text, `${text}2`], text, value, spread: 0 });

describe('valueLevels', () => {
  it('shows values in steps of the greatest, either way', () => {
    const { most, levels } = valueLevels([
      valued('fox', 0.08),
      valued('red', 0.021),
      valued('the', 0.0004),
      valued('box', -0.03),
    ]);
    expect(most).toBe(0.08);
    expect([...levels]).toEqual([
      ['fox', 4],
      ['fox2', 4],
      ['red', 2],
      ['red2', 2],
      ['the', 0],
      ['the2', 0],
      ['box', -2],
      ['box2', -2],
    ]);
  });

  it('makes nothing of a text in which no word counts', () => {
    expect(valueLevels([valued('a', 0), valued('b', 0.0001)]).levels.get('b')).toBe(0);
    expect(valueLevels([]).levels.size).toBe(0);
  });

  it('says differences with their sign', () => {
    expect([0.0342, -0.008, 0, -0.0001].map(describeValue)).toEqual(['+0.034', '−0.008', '0.000', '0.000']);
  });
});

describe('groupWords', () => {
  it('keeps the tokens of a word together', () => {
    const slots = [makeSlot(0, 'sun', { endsWord: false }), makeSlot(1, 'flower'), makeSlot(2, 'field', { endsWord: false })];
    expect(groupWords(slots).map((word) => word.map(({ text }) => text))).toEqual([['sun', 'flower'], ['field']]);
  });
});

describe('the pictures that measuring draws', () => {
  it('are one for the text and one for each word the job measures', () => {
    const slots = [
      ...['any', 'fox', 'sits', 'under', 'the', 'would', 'x', '猫', 'up', '–'].map((text, index) => makeSlot(index, text)),
      makeSlot(10, 'snow', { endsWord: false }),
      makeSlot(11, 'storm', { muted: true }),
      makeSlot(12, 'hill'),
      makeSlot(13, 'wet', { muted: true }),
    ];
    const document: PromptDocument = { ...makeDocument(5, 'a'.repeat(64)), slots };
    const measured = leaveWordsOut(document).map(({ text }) => text);
    expect(measured).toEqual(['fox', 'sits', 'under', '猫', 'up', 'snowhill']);

    const page = openUnconnectedPage();
    // What is on screen is typed differently: a word the tokenizer dropped is in it, and another is not.
    page.work.takeText(document, 'Take');
    page.work.revise(document, 'Type', 'any FOX, sits [under] it');
    expect(page.wordTools.picturesToMeasure).toBe(measured.length + 1);
    page.wordTools.seeds = 3;
    expect(page.wordTools.picturesToMeasure).toBe((measured.length + 1) * 3);
  });
});

describe('diffPieces', () => {
  const five = makeDocument(5, 'a'.repeat(64));
  const with_ = (slots: PromptDocument['slots']): PromptDocument => ({ ...five, slots });

  it('reads as the text after, with what is gone where it stood', () => {
    const other = makeSlot(9, 'wolf', { id: 'w', tokenId: 999 });
    const after = with_([...five.slots.slice(0, 2), other, ...five.slots.slice(3)]);
    const pieces = diffPieces(five, after, comparePrompts(five, after));
    expect(pieces.map(({ change, text }) => `${change}: ${text}`)).toEqual([
      'kept: a red',
      'removed: fox',
      'inserted: wolf',
      'kept: in deep',
    ]);
  });

  it('names weights that changed', () => {
    const after = with_(five.slots.map((slot) => (slot.text === 'fox' ? { ...slot, weight: 1.25 } : slot)));
    const [, fox] = diffPieces(five, after, comparePrompts(five, after));
    expect(fox).toMatchObject({ text: 'fox', change: 'reweighted', weights: '×1.00 → ×1.25' });
  });
});
