import { beforeAll, describe, expect, it } from 'vitest';
import { originOf } from '../../../contract/texts/prompt.ts';
import type { Reading } from '../../../contract/texts/reading.ts';
import { mixReadings } from '../../../main/prompt/mix-readings.ts';
import type { NamedReading } from '../../../main/prompt/mix-readings.ts';
import { loadClipTokenizer } from '../../../main/tokenizer/load-clip-tokenizer.ts';
import type { Tokenizer } from '../../../main/tokenizer/tokenizer.ts';
import { makeReading } from '../../helpers/make-reading.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await loadClipTokenizer();
});

const [fox, snow, red, blue, sky] = [3240, 2583, 736, 1746, 2390];

function readingOf(side: string, tokenIds: readonly number[], probabilities: readonly number[]): NamedReading {
  const imageSha256 = side.repeat(64);
  const reading: Reading = {
    ...makeReading(),
    imageSha256,
    positions: tokenIds.length / 2,
    tokenIds: Int32Array.from(tokenIds),
    probabilities: Float32Array.from(probabilities),
    attention: null,
  };
  return { source: { type: 'reading', sha256: side.repeat(64), packId: 'clip', imageSha256, length: 5 }, reading };
}

const a = readingOf('a', [fox, snow, red, blue], [0.9, 0.1, 0.6, 0.4]);
const b = readingOf('b', [snow, fox, sky, blue, sky, red], [0.8, 0.2, 0.6, 0.4, 0.7, 0.3]);

describe('two readings that are mixed', () => {
  const mix = (share: number) => mixReadings([a, b], share, { id: 'd', packId: 'clip', tokenizer });
  const wordsOf = (share: number): string[] => mix(share).slots.map(({ text }) => text);

  it('say what the one says at a share of 0, and what the other says at 1', () => {
    expect(wordsOf(0)).toEqual(['fox', 'red']);
    expect(wordsOf(1)).toEqual(['snow', 'sky', 'sky']);
  });

  it('say what both hold likely where it is the first choice of neither', () => {
    const half = mix(0.5);
    expect(half.slots.map(({ text }) => text)).toEqual(['fox', 'blue']);
    expect(half.slots[1]).toMatchObject({ position: 1, exact: false, endsWord: true, weight: 1 });
    expect(half.slots[1]?.probability).toBeCloseTo(0.4, 5);
    expect(half.slots.map((slot) => originOf(half, slot))).toEqual(['imageA', 'imageA']);
    const more = mix(0.6);
    expect(more.slots.map((slot) => [slot.text, originOf(more, slot)])).toEqual([
      ['snow', 'imageB'],
      ['blue', 'imageB'],
      ['sky', 'imageB'],
    ]);
  });
});
