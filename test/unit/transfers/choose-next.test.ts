import { describe, expect, it } from 'vitest';
import { chooseNext, handsOf } from '../../../main/transfers/choose-next.ts';
import type { HandState } from '../../../main/transfers/choose-next.ts';
import type { StoredCell } from '../../../main/transfers/transfer-records.ts';

const cell = (row: number): StoredCell => ({
  ...{ row, column: 0, seedIndex: 0, state: 'waiting', jobId: null, connectionId: null, itemId: null, sha256: null },
  ...{ seed: null, score: null, timeMs: null, error: null },
});
const hands = (states: Readonly<Record<string, Partial<HandState>>>): HandState[] =>
  handsOf({ type: 'connections', connectionIds: Object.keys(states) }).map((hand) => ({
    ...{ hand, inHand: 0, servers: 1, isResting: false },
    ...states[hand.connectionId ?? ''],
  }));
const choose = (rows: number, states: Readonly<Record<string, Partial<HandState>>>, ...tried: string[]) =>
  chooseNext(
    Array.from({ length: rows }, (_, row) => ({ cell: cell(row), tried: new Set(tried.map((id) => `connection ${id}`)) })),
    hands(states),
  ).map((one) => `${one.cell.row} ${one.hand.connectionId}`);

describe('who is given which cell', () => {
  it('gives each two, in the order of the cells, the idlest first', () => {
    expect(choose(9, { a: {}, b: { inHand: 1 } })).toEqual(['0 a', '1 a', '2 b']);
    expect(choose(9, { a: { inHand: 2 }, b: { inHand: 2 } })).toEqual([]);
  });

  it('gives nothing to who could not be reached, while somebody else is there', () => {
    expect(choose(3, { a: { isResting: true }, b: {} })).toEqual(['0 b', '1 b']);
    expect(choose(3, { a: { isResting: true }, b: { inHand: 2 } })).toEqual([]);
    expect(choose(1, { a: { isResting: true }, b: {} }, 'b')).toEqual(['0 a']);
    expect(choose(1, { a: { isResting: true } })).toEqual(['0 a']);
  });

  it('are given two for each server of a hand that has several', () => {
    expect(choose(5, { a: { servers: 2 } })).toEqual(['0 a', '1 a', '2 a', '3 a']);
    expect(choose(3, { a: { servers: 2, inHand: 1 }, b: {} })).toEqual(['0 b', '1 a', '2 a']);
  });

  it('gives a cell to nobody twice', () => {
    expect(choose(2, { a: {}, b: {} }, 'a')).toEqual(['0 b', '1 b']);
    expect(choose(2, { a: {} }, 'a')).toEqual([]);
  });
});
