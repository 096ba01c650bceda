import { describe, expect, it } from 'vitest';
import { History } from '../../../../../renderer/state/text/history/history.svelte.ts';

function historyAt(start: number): { history: History<string>; wait: (ms: number) => void } {
  let nowMs = start;
  return { history: new History('', () => nowMs, 1000), wait: (ms) => void (nowMs += ms) };
}

describe('History', () => {
  it('goes back and forth through states and names them', () => {
    const { history } = historyAt(0);
    history.commit('a', 'write a');
    history.commit('ab', 'write b');
    expect(history.undoLabel).toBe('write b');
    history.undo();
    expect([history.present, history.redoLabel]).toEqual(['a', 'write b']);
    history.undo();
    history.undo();
    expect([history.present, history.canUndo]).toEqual(['', false]);
    history.redo();
    expect(history.present).toBe('a');
  });

  it('forgets what was undone once something else is done', () => {
    const { history } = historyAt(0);
    history.commit('a', 'a');
    history.undo();
    history.commit('b', 'b');
    expect([history.present, history.canRedo]).toEqual(['b', false]);
  });

  it('joins quick acts of one kind into one step, and slow or other ones not', () => {
    const { history, wait } = historyAt(0);
    history.commit('a', 'Type', history.act('type'));
    wait(500);
    history.commit('ab', 'Type', history.act('type'));
    wait(1500);
    history.commit('abc', 'Type', history.act('type'));
    history.commit('ABC', 'Loud', 'loud');
    history.undo();
    expect(history.present).toBe('abc');
    history.undo();
    expect(history.present).toBe('ab');
    history.undo();
    expect(history.present).toBe('');
  });

  it('joins what came of one act, however late it came', () => {
    const { history, wait } = historyAt(0);
    const first = history.act('type');
    wait(500);
    const second = history.act('type');
    wait(5000);
    history.commit('a', 'Type', first);
    wait(5000);
    history.commit('ab', 'Type', second);
    history.undo();
    expect(history.present).toBe('');
  });

  it('does not join an act to the one before an undo', () => {
    const { history } = historyAt(0);
    history.commit('a', 'Type', history.act('type'));
    history.commit('ab', 'Type', history.act('type'));
    history.undo();
    history.commit('x', 'Type', history.act('type'));
    history.undo();
    expect(history.present).toBe('');
  });

  it('records the newest steps and restores them', () => {
    const { history } = historyAt(0);
    for (const state of ['a', 'b', 'c', 'd']) history.commit(state, state);
    history.undo();
    const { history: other } = historyAt(0);
    other.restore(history.record(3));
    expect([other.present, other.canRedo]).toEqual(['c', true]);
    other.undo();
    expect([other.present, other.canUndo]).toEqual(['b', false]);
  });

  it('records the present at its place, however many steps were undone', () => {
    const { history } = historyAt(0);
    for (let step = 1; step <= 100; step += 1) history.commit(`step ${step}`, `step ${step}`);
    for (let step = 0; step < 80; step += 1) history.undo();
    expect(history.present).toBe('step 20');
    for (const limit of [60, 15, 1]) {
      const record = history.record(limit);
      const { history: other } = historyAt(0);
      other.restore(record);
      expect([record.entries.length, other.present]).toEqual([limit, 'step 20']);
      expect([other.canUndo, other.canRedo]).toEqual([limit > 1, limit > 1]);
    }
  });

  it('amends the present without a step', () => {
    const { history } = historyAt(0);
    history.commit('a', 'a');
    history.amend('A');
    expect(history.present).toBe('A');
    history.undo();
    expect(history.present).toBe('');
  });
});

describe('going to a step', () => {
  it('goes there and back, and knows when each was done', () => {
    const { history, wait } = historyAt(1000);
    history.commit('a', 'write a');
    wait(500);
    history.commit('b', 'write b');
    history.jump(0);
    expect([history.present, history.canRedo]).toEqual(['', true]);
    history.jump(2);
    expect([history.present, history.index]).toEqual(['b', 2]);
    history.jump(99);
    expect(history.present).toBe('b');
    expect(history.entries.map(({ atMs }) => atMs)).toEqual([1000, 1000, 1500]);
  });
});
