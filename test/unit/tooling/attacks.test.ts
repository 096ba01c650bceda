import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contract } from '../../../contract/methods.ts';
import { findLeftovers, findStaged } from '../../../tooling/attacks/kills/leftovers.ts';
import { Ledger } from '../../../tooling/attacks/kills/ledger.ts';
import { RandomChoice } from '../../../tooling/attacks/random-choice.ts';
import { randomRequest } from '../../../tooling/attacks/requests/random-request.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';

describe('the ledger of what was confirmed', () => {
  it('tells what is lost and what is back from the dead, once', () => {
    const ledger = new Ledger();
    ledger.confirm('item 1', 'a');
    ledger.confirm('item 2', 'b');
    ledger.confirmPresence('item 3');
    ledger.intend('item 2', null);
    ledger.confirm('item 2', null);
    const found = new Map([
      ['item 2', 'b'],
      ['item 3', 'whatever it holds'],
      ['item 4', 'made and not told'],
    ]);
    expect(ledger.compare(found)).toEqual(['item 1 is gone; it was confirmed as a', 'item 2 is b; it was confirmed as gone']);
    expect(ledger.compare(found)).toEqual([]);
    expect(ledger.compare(new Map([['item 2', 'b']]))).toHaveLength(2);
  });

  it('takes either value for right while a change is on its way', () => {
    for (const value of ['a', 'b']) {
      const ledger = new Ledger();
      ledger.confirm('item 1', 'a');
      ledger.intend('item 1', 'b');
      expect(ledger.names('item ')).toEqual(['item 1']);
      expect(ledger.compare(new Map([['item 1', value]]))).toEqual([]);
      expect(ledger.compare(new Map([['item 1', value === 'a' ? 'b' : 'a']]))).toHaveLength(1);
    }
  });
});

describe('what a killed host leaves', () => {
  it('is found: staged files of before, notes, pictures of nothing', () => {
    const folder = makeTemporaryFolder();
    const [kept, lost] = ['a'.repeat(64), 'b'.repeat(64)];
    for (const name of ['items', 'images/aa', 'images/bb', 'shown', 'cache']) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'items/1.json'), JSON.stringify({ image: { sha256: kept } }));
    for (const path of [`images/aa/${kept}`, `images/bb/${lost}`, `shown/${lost}.png`, 'cache/x.tmp', 'running', 'index.sqlite'])
      writeFileSync(join(folder, path), '');
    expect(findLeftovers(folder, '').sort()).toEqual([
      'cache/x.tmp was left behind',
      `images/bb/${lost} belongs to nothing`,
      'running was left behind',
      `shown/${lost}.png belongs to nothing`,
    ]);
    expect(findLeftovers(folder, JSON.stringify({ picture: lost }))).toHaveLength(2);
    utimesSync(join(folder, 'cache/x.tmp'), 1, 1);
    expect(findStaged(folder, 2000)).toEqual(['cache/x.tmp was left behind']);
    expect(findStaged(folder, 1000)).toEqual([]);
  });
});

describe('random requests', () => {
  it('reach every method, and are the same for the same seed', () => {
    const known = { texts: ['tiny-scenes'], examples: new Map() };
    const make = (count: number): ReturnType<typeof randomRequest>[] => {
      const choice = new RandomChoice(7);
      return Array.from({ length: count }, () => randomRequest(choice, known));
    };
    const requests = make(3000);
    expect(make(50)).toEqual(requests.slice(0, 50));
    const methods = Object.entries(contract).flatMap(([group, members]) =>
      Object.keys(members).map((name) => `/rpc/${group}/${name}`),
    );
    const paths = new Set(requests.map(({ path }) => path));
    for (const path of methods) expect(paths.has(path), path).toBe(true);
  });
});
