import { beforeAll, describe, expect, it } from 'vitest';
import { originOf } from '../../../contract/texts/prompt.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import { comparePrompts } from '../../../main/prompt/compare-prompts.ts';
import { editPrompt } from '../../../main/prompt/edit-prompt.ts';
import { renderPrompt } from '../../../main/prompt/render-prompt.ts';
import { loadClipTokenizer } from '../../../main/tokenizer/load-clip-tokenizer.ts';
import type { Tokenizer } from '../../../main/tokenizer/tokenizer.ts';
import { encodedDocument } from './encoded-document.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await loadClipTokenizer();
});

/** What a person reads: `+word`, `-word`, `~word` (moved), `*word` (reweighted). */
function tell(before: PromptDocument, after: PromptDocument): string {
  const signs = { kept: '', removed: '-', inserted: '+', moved: '~', reweighted: '*' };
  return comparePrompts(before, after)
    .tokens.map((token) => {
      const slot = token.after === null ? before.slots[token.before ?? -1] : after.slots[token.after];
      return `${signs[token.change]}${slot?.text ?? '?'}`;
    })
    .join(' ');
}

describe('comparePrompts', () => {
  it('tells what was put in, taken out, moved and weighed', () => {
    const before = encodedDocument('red fox sits on green hill', tokenizer);
    expect(tell(before, encodedDocument('red fox stands on green hill', tokenizer))).toBe('red fox -sits +stands on green hill');
    const moved = editPrompt(before, { type: 'move', slotIds: ['q5'], toIndex: 0 }, tokenizer);
    expect(tell(before, moved)).toBe('~hill red fox sits on green');
    const weighed = editPrompt(before, { type: 'weigh', slotIds: ['q1'], weight: 1.3 }, tokenizer);
    expect(tell(before, weighed)).toBe('red *fox sits on green hill');
    expect(comparePrompts(before, weighed).counts).toEqual({ kept: 5, removed: 0, inserted: 0, moved: 0, reweighted: 1 });
  });

  it('takes muted words as gone and equal words in order', () => {
    const before = encodedDocument('red red fox', tokenizer);
    const muted = editPrompt(before, { type: 'mute', slotIds: ['q0'], muted: true }, tokenizer);
    expect(comparePrompts(before, muted).counts).toMatchObject({ kept: 2, removed: 1 });
    expect(tell(before, before)).toBe('red red fox');
    expect(tell(encodedDocument('', tokenizer), before)).toBe('+red +red +fox');
    expect(tell(before, encodedDocument('', tokenizer))).toBe('-red -red -fox');
  });

  it('names every visible slot of both sides exactly once', () => {
    const words = 'red fox sits on green hill under pale blue sky'.split(' ');
    let seed = 1;
    const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
    const anyText = (): string => Array.from({ length: random(12) }, () => words[random(words.length)] ?? '').join(' ');
    for (let round = 0; round < 200; round += 1) {
      const [before, after] = [encodedDocument(anyText(), tokenizer), encodedDocument(anyText(), tokenizer)];
      const { tokens, counts } = comparePrompts(before, after);
      const sides = {
        before: tokens.flatMap((token) => token.before ?? []),
        after: tokens.flatMap((token) => token.after ?? []),
      };
      expect(sides.before.toSorted((a, b) => a - b)).toEqual(before.slots.map((_, index) => index));
      expect(sides.after).toEqual(after.slots.map((_, index) => index));
      expect(counts.kept + counts.moved + counts.reweighted + counts.inserted).toBe(after.slots.length);
    }
  });
});

describe('take-heard', () => {
  it('keeps the slots that are in both, and takes new words as read from another picture', () => {
    const own = editPrompt(
      encodedDocument('red fox sits on green hill', tokenizer),
      { type: 'weigh', slotIds: ['q1'], weight: 1.5 },
      tokenizer,
    );
    const heard = encodedDocument('fox red stands on green hill', tokenizer, 'b'.repeat(64));
    const taken = editPrompt(own, { type: 'take-heard', heard }, tokenizer);
    expect(renderPrompt(taken).text).toBe('fox red stands on green hill');
    expect(taken.slots.find((slot) => slot.text === 'fox')).toMatchObject({ id: 'q1', weight: 1.5, source: 0 });
    const stands = taken.slots.find((slot) => slot.text === 'stands');
    expect(stands).toMatchObject({ source: 1, position: 2, exact: false });
    expect(stands && originOf(taken, stands)).toBe('imageB');
    expect(taken.sources).toEqual([...own.sources, ...heard.sources]);
    expect(new Set(taken.slots.map(({ id }) => id)).size).toBe(taken.slots.length);
  });

  it('keeps locked and muted words that were not heard', () => {
    const read = encodedDocument('red fox sits on green hill', tokenizer);
    const locked = editPrompt(read, { type: 'lock', slotIds: ['q0', 'q5'], locked: true }, tokenizer);
    const own = editPrompt(locked, { type: 'mute', slotIds: ['q2'], muted: true }, tokenizer);
    const taken = editPrompt(own, { type: 'take-heard', heard: encodedDocument('blue fox', tokenizer) }, tokenizer);
    expect(renderPrompt(taken).text).toBe('red blue fox hill');
    expect(taken.slots.map(({ id }) => id)).toContain('q2');
  });

  it('lays two texts of 4,096 tokens side by side without holding up others', () => {
    const [slot] = encodedDocument('fox', tokenizer).slots;
    if (!slot) throw new Error('no slot');
    const write = (step: number): PromptDocument => ({
      ...encodedDocument('fox', tokenizer),
      slots: Array.from({ length: 4096 }, (_, index) => ({ ...slot, id: `${step}-${index}`, tokenId: (index * step) % 4093 })),
    });
    const [before, after] = [write(17), write(1009)];
    const start = process.cpuUsage();
    const { counts } = comparePrompts(before, after);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(1200);
    expect(counts.kept + counts.moved + counts.inserted).toBe(4096);
  });
});
