import { describe, expect, it } from 'vitest';
import { canShareRun, repeatRows, stackTexts } from '../../../main/text-to-image/conditioning.ts';
import type { Conditioning } from '../../../main/text-to-image/conditioning.ts';

const text = (first: number): Conditioning => ({
  encoder_hidden_states: { dtype: 'float32', shape: [1, 2, 1], data: Float32Array.of(first, first + 1) },
  text_embeds: { dtype: 'float32', shape: [1, 1], data: Float32Array.of(first + 2) },
});

describe('conditioning', () => {
  it('repeats every input of every text once a picture, negatives first', () => {
    const { encoder_hidden_states: states, text_embeds: pooled } = repeatRows([text(0), text(10)], 2);
    expect(states).toEqual({ dtype: 'float32', shape: [4, 2, 1], data: Float32Array.of(0, 1, 0, 1, 10, 11, 10, 11) });
    expect(pooled).toEqual({ dtype: 'float32', shape: [4, 1], data: Float32Array.of(2, 2, 12, 12) });
  });

  it('stacks the texts of pictures, and repeats none of them again', () => {
    const stacked = stackTexts([
      [text(0), text(10)],
      [text(0), text(20)],
    ]);
    expect(stacked.map(({ text_embeds: pooled }) => [...(pooled?.data ?? [])])).toEqual([
      [2, 2],
      [12, 22],
    ]);
    expect([...(repeatRows(stacked, 2)['text_embeds']?.data ?? [])]).toEqual([2, 2, 12, 22]);
  });

  it('keeps texts of several lengths apart', () => {
    const longer = {
      ...text(0),
      encoder_hidden_states: { dtype: 'float32', shape: [1, 4, 1], data: new Float32Array(4) } as const,
    };
    expect(canShareRun(text(0), text(5))).toBe(true);
    expect(canShareRun(text(0), longer)).toBe(false);
    expect(() => stackTexts([[text(0)], [longer]])).toThrow('several lengths in one run');
  });
});
