import { expect, it } from 'vitest';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import { comparePrompts } from '../../../../main/prompt/compare-prompts.ts';
import { describeBriefGain, describeGain } from '../../../../renderer/features/words/describe-value.ts';
import { countWords } from '../../../../renderer/features/words/tools/count-words.ts';
import { makeDocument } from '../../../helpers/make-document.ts';
import { makeSlot } from '../../../helpers/make-slot.ts';

/** A text of words, each of the tokens between its hyphens. */
function documentOf(text: string, weighed: Readonly<Record<string, number>> = {}, muted: readonly string[] = []): PromptDocument {
  const tokens = text.split(' ').flatMap((word) => {
    const parts = word.split('-');
    return parts.map((part, index) => ({ part, endsWord: index === parts.length - 1 }));
  });
  const slots = tokens.map(({ part, endsWord }, index) =>
    makeSlot(index, part, {
      // One id a spelling, as a vocabulary has it.
      tokenId: Array.from(part).reduce((sum, sign) => sum * 31 + sign.charCodeAt(0), 7) % 49_000,
      endsWord,
      weight: weighed[part] ?? 1,
      muted: muted.includes(part),
    }),
  );
  return { ...makeDocument(0, 'a'.repeat(64)), slots };
}

const count = (before: PromptDocument, after: PromptDocument) => countWords(before, after, comparePrompts(before, after));

it('counts words of a difference, however many tokens they are made of', () => {
  const before = documentOf('a pig on grass');
  const after = documentOf('a pig on grass de-diff-usion stu-dio soft');
  expect(comparePrompts(before, after).counts.inserted).toBe(6);
  expect(count(before, after)).toEqual({ kept: 4, removed: 0, inserted: 3, moved: 0, reweighted: 0 });
  expect(count(after, before)).toEqual({ kept: 4, removed: 3, inserted: 0, moved: 0, reweighted: 0 });
});

it('takes a word for new where one of its tokens is, and for gone where one of them went', () => {
  expect(count(documentOf('fox runs'), documentOf('fox-es runs'))).toMatchObject({ kept: 1, inserted: 1, removed: 0 });
  expect(count(documentOf('fox-es runs'), documentOf('fox runs'))).toMatchObject({ kept: 2, inserted: 0, removed: 1 });
});

it('counts moved and weighed words once, and leaves muted ones out', () => {
  const before = documentOf('red fox runs stu-dio soft');
  expect(count(before, documentOf('stu-dio red fox runs soft', { soft: 1.3 }))).toEqual({
    kept: 3,
    removed: 0,
    inserted: 0,
    moved: 1,
    reweighted: 1,
  });
  expect(count(before, documentOf('red fox runs stu-dio soft', {}, ['stu', 'dio']))).toMatchObject({ kept: 4, removed: 1 });
});

it.each([
  // What is read adds up, where 0.0016 alone would be rounded to 0.002.
  [0.9739, 0.9755, '+0.002', '≈0'],
  [0.9744, 0.9756, '+0.002', '≈0'],
  [0.9736, 0.9753, '+0.001', '≈0'],
  [0.5, 0.534, '+0.034', '+.03'],
  [0.534, 0.5, '−0.034', '−.03'],
  [0.5, 0.5001, '0.000', '≈0'],
])('from %d to %d is a gain of %s, in a badge %s', (before, after, gain, brief) => {
  expect(describeGain(before, after)).toBe(gain);
  expect(describeBriefGain(before, after)).toBe(brief);
});
