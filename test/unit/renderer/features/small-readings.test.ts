import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../../contract/batch.ts';
import { describeBatch } from '../../../../renderer/features/batch/describe-batch.ts';
import { canvasContentOf } from '../../../../renderer/features/canvas/canvas-content.ts';
import { readAspect } from '../../../../renderer/features/export/read-aspect.ts';
import { differenceOf } from '../../../../renderer/features/words/editor/difference-of.ts';
import { openUnconnectedPage } from '../open-unconnected-page.ts';

it.each([
  ['16:9', '16:9'],
  [' 16 : 9 ', '16:9'],
  ['16x9', '16:9'],
  ['16×9', '16:9'],
  ['１６：９', '16:9'],
  ['0:9', null],
  ['wide', null],
  ['16:9:1', null],
  ['', null],
])('%j as an aspect is %j', (text, aspect) => {
  expect(readAspect(text)).toBe(aspect);
});

describe('differenceOf', () => {
  it.each([
    ['a red pig', 'a red fox', { from: 6, to: 9, insert: 'fox' }],
    ['a red pig', 'a red pig', { from: 9, to: 9, insert: '' }],
    ['aa', 'aaa', { from: 2, to: 2, insert: 'a' }],
    ['a pig here', 'a big pig here', { from: 2, to: 2, insert: 'big ' }],
    ['', 'fox', { from: 0, to: 0, insert: 'fox' }],
  ])('of %j and %j leaves the rest alone', (before, after, change) => {
    expect(differenceOf(before, after)).toEqual(change);
    expect(before.slice(0, change.from) + change.insert + before.slice(change.to)).toBe(after);
  });
});

describe('a batch whose files are on their way', () => {
  const counts = { queued: 0, running: 1, paused: 0, done: 0, failed: 1, cancelled: 0 };
  const batch = { state: 'running', counts, remainingMs: null } as Batch;

  it('counts them as well', () => {
    expect(describeBatch(batch)).toBe('Working · 1 of 2 · 1 failed');
    expect(describeBatch(batch, 8)).toBe('Working · 1 of 10 · 1 failed');
  });

  it('is not done before they have come', () => {
    const done = { ...batch, state: 'done', counts: { ...counts, running: 0, done: 1, failed: 0 } } as Batch;
    expect(describeBatch(done, 8)).toBe('Working · 1 of 9');
    expect(describeBatch(done)).toBe('Done · 1 picture');
  });
});

it('own words without an original are drawn, not reconstructed', () => {
  expect(canvasContentOf(openUnconnectedPage()).right.name).toBe('Drawn');
});
