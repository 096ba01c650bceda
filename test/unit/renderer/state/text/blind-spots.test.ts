import { describe, expect, it } from 'vitest';
import type { Slot } from '../../../../../contract/texts/prompt.ts';
import { describeBlindSpots } from '../../../../../renderer/state/text/describe-blind-spots.ts';
import { findBlindSpots } from '../../../../../renderer/state/text/find-blind-spots.ts';
import { locateSlots, runningText, wordsOf } from '../../../../../renderer/state/text/prompt-text.ts';

const grid = { rows: 2, columns: 2 };

interface Seen extends Slot {
  readonly map: readonly number[] | null;
}

function slot(text: string, map: readonly number[] | null, more: Partial<Slot> = {}): Seen {
  return {
    id: text,
    tokenId: 1,
    text,
    endsWord: true,
    source: 0,
    exact: true,
    probability: 0.9,
    position: 0,
    map,
    weight: 1,
    ...more,
  };
}

function find(slots: readonly Seen[]) {
  const mapOf = (seen: Slot) => slots.find((one) => one === seen)?.map ?? null;
  return findBlindSpots(wordsOf(locateSlots(runningText(slots), slots)), grid, mapOf);
}

describe('findBlindSpots', () => {
  it('is what no content word looks at', () => {
    const found = find([slot('red', [0.9, 0.1, 0, 0]), slot('fox', [0.1, 0.8, 0.1, 0])]);
    expect(found).toEqual({ grid, blind: [false, false, true, true], share: 0.5 });
  });

  it('counts a patch from 1.6 times an even share on: here 0.4', () => {
    expect(find([slot('fox', [0.4, 0.39, 0.11, 0.1])])?.blind).toEqual([false, true, true, true]);
  });

  it('does not count what holds the sentence together, nor muted words', () => {
    const found = find([slot('the', [0, 0, 1, 0]), slot('fox', [1, 0, 0, 0]), slot('snow', [0, 0, 0, 1], { muted: true })]);
    expect(found?.blind).toEqual([false, true, true, true]);
  });

  it('takes a word’s tokens together', () => {
    const found = find([slot('snow', [0.8, 0, 0.2, 0], { endsWord: false }), slot('storm', [0, 0.8, 0.2, 0])]);
    // Each half of the word alone would see its corner with 0.8; together both get 0.4.
    expect(found?.blind).toEqual([false, false, true, true]);
    expect(find([slot('snow', [0.7, 0.1, 0.2, 0], { endsWord: false }), slot('storm', [0, 0, 0.2, 0.8])])?.blind).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('says nothing about a text that was not read from a picture', () => {
    expect(find([slot('fox', null)])).toBeNull();
    expect(find([slot('the', [1, 0, 0, 0])])).toBeNull();
    expect(findBlindSpots([], null, () => null)).toBeNull();
  });
});

describe('what it says', () => {
  it('names the share and where most of it lies', () => {
    const nine = { rows: 3, columns: 3 };
    const blind = [true, false, false, false, false, false, false, false, false];
    expect(describeBlindSpots({ grid: nine, blind, share: 1 / 9 })).toBe(
      '11% blind, mostly the upper left: no word looks there.',
    );
    expect(describeBlindSpots({ grid, blind: [false, false, false, false], share: 0 })).toBe(
      'No blind spot: some word looks at every part.',
    );
  });
});
