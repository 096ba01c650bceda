import { describe, expect, it } from 'vitest';
import type { Fidelity } from '../../../../../contract/recipe.ts';
import { stopsOf } from '../../../../../renderer/features/words/stops-of.ts';
import type { HistoryEntry } from '../../../../../renderer/state/text/history/history.svelte.ts';
import { ResultList } from '../../../../../renderer/state/canvas/result-list.svelte.ts';
import type { Generation } from '../../../../../renderer/state/canvas/result-list.svelte.ts';
import { emptySnapshot } from '../../../../../renderer/state/text/snapshot.ts';
import type { Snapshot } from '../../../../../renderer/state/text/snapshot.ts';
import { stripGroups } from '../../../../../renderer/state/canvas/strip-groups.ts';
import { TextVersionList } from '../../../../../renderer/state/text/text-version-list.svelte.ts';
import type { TextVersion } from '../../../../../renderer/state/text/text-version-list.svelte.ts';
import { makeDocument } from '../../../../helpers/make-document.ts';
import { makeSlot } from '../../../../helpers/make-slot.ts';
import { timelineOf } from '../../../../../renderer/state/text/history/timeline-of.ts';

const sha = 'a'.repeat(64);

function drawn(
  id: string,
  createdMs: number,
  tokenIds: readonly number[],
  parent: string,
  fidelities: readonly number[] = [],
): Generation {
  const perSeed = fidelities.map((fidelity, seed) => ({ seed, fidelity }));
  const mean = fidelities.reduce((sum, one) => sum + one, 0) / Math.max(1, fidelities.length);
  const fidelity: Fidelity | null = perSeed.length === 0 ? null : { mean, spread: 0, perSeed };
  return {
    id,
    kind: 'generation',
    createdMs,
    title: '',
    starred: false,
    named: false,
    trashed: false,
    parents: [parent],
    boards: [],
    image: { sha256: sha, bytes: 1, width: 64, height: 64, mediaType: 'image/png', thumbhash: '' },
    fidelity,
    recipe: {
      schemaVersion: 7,
      kind: 'local',
      pack: { id: 'p', version: '1', manifestSha256: sha },
      tokenIds: [...tokenIds],
      tokenWeights: tokenIds.map(() => 1),
      text: tokenIds.join(' '),
      negative: '',
      steps: 20,
      guidance: 3,
      seed: 1,
      scheduler: 'ddim',
      width: 64,
      height: 64,
      init: null,
      device: 'cpu',
      versions: { studio: '1', onnxruntime: '1' },
    },
  };
}

const version = (itemId: string, text: string, length: number | null, createdMs: number): TextVersion => ({
  itemId,
  text,
  length,
  edited: false,
  createdMs,
  starred: false,
});

describe('ResultList', () => {
  it('keeps the newest first, however they come', () => {
    const list = new ResultList();
    list.add([drawn('a', 10, [1], 't'), drawn('b', 11, [1], 't')]);
    expect([list.items.map(({ id }) => id), list.selected?.id]).toEqual([['b', 'a'], 'b']);
    list.add([drawn('c', 20, [1], 't')], false);
    expect([list.items.map(({ id }) => id), list.selected?.id]).toEqual([['c', 'b', 'a'], 'b']);
  });

  it('shows the neighbour of one that is taken away, and the same one when it is put back', () => {
    const list = new ResultList();
    const items = [drawn('a', 1, [1], 't'), drawn('b', 2, [1], 't'), drawn('c', 3, [1], 't')];
    list.add(items);
    list.select('b');
    list.remove('b');
    expect([list.items.map(({ id }) => id), list.selected?.id]).toEqual([['c', 'a'], 'a']);
    list.restore(items[1] ?? drawn('b', 2, [1], 't'));
    expect([list.items.map(({ id }) => id), list.selected?.id]).toEqual([['c', 'b', 'a'], 'b']);
  });

  it('compares two different ones, and stops when one of them goes', () => {
    const list = new ResultList();
    list.add([drawn('a', 1, [1], 't'), drawn('b', 2, [1], 't')]);
    list.compare('b');
    expect([list.compared?.id, list.selected?.id]).toEqual(['b', 'a']);
    list.remove('b');
    expect(list.compared).toBeNull();
  });
});

it('tells a text that was edited from one that was read', () => {
  const { slots, ...document } = makeDocument(5, sha);
  const [first, ...rest] = slots;
  const item = (id: string, isExact: boolean) => ({
    ...drawn(id, 1, [5], 'picture'),
    kind: 'prompt' as const,
    text: 'a red fox in deep',
    prompt: { ...document, slots: [{ ...(first ?? makeSlot(0, 'a')), exact: isExact }, ...rest] },
  });
  const versions = new TextVersionList();
  versions.replace([item('read', true), item('edited', false)]);
  expect(versions.items.map(({ itemId, edited }) => [itemId, edited])).toEqual([
    ['read', false],
    ['edited', true],
  ]);
});

describe('stripGroups', () => {
  it('puts pictures to their text, the last drawn text first, and texts nobody drew behind them', () => {
    const groups = stripGroups(
      [drawn('new', 30, [5], 'five'), drawn('old', 20, [75], 'long')],
      [version('five', 'pig', 5, 3), version('mid', 'huge pig', 15, 2), version('long', 'flat huge pig', 75, 1)],
    );
    expect(groups.map(({ text, results }) => [text, results.map(({ id }) => id)])).toEqual([
      ['pig', ['new']],
      ['flat huge pig', ['old']],
      ['huge pig', []],
    ]);
  });

  it('is one group for a text that was read twice', () => {
    const groups = stripGroups(
      [drawn('one', 30, [5], 'again'), drawn('two', 20, [5], 'first')],
      [version('again', 'pig', 5, 9), version('first', 'pig', 5, 1)],
    );
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({ version: { itemId: 'first' }, itemIds: ['again', 'first'] });
    expect(groups[0]?.results).toHaveLength(2);
  });

  it('keeps pictures whose text the library does not hold', () => {
    expect(stripGroups([drawn('lone', 1, [7, 8], 'gone')], [])).toMatchObject([{ text: '7 8', version: null }]);
  });
});

describe('stopsOf', () => {
  const results = new ResultList();
  results.add([drawn('a', 1, [1, 2], 'five', [0.6, 0.8]), drawn('b', 2, [9], 'fifteen', [0.5])]);
  const versions = [version('five', 'one two', 5, 1), version('fifteen', 'nine', 15, 1)];

  it('says mean and spread of what was drawn from the text as it is', () => {
    const [five, fifteen] = stopsOf([5, 15], { keyOf: (length) => (length === 5 ? '1 2' : '9'), results, versions });
    expect(five).toMatchObject({ figure: '0.70 ±.14', stale: false, name: '5 tokens, fidelity 0.70 plus or minus 0.14' });
    expect(fifteen).toMatchObject({ figure: '0.50', stale: false });
  });

  it('marks what was measured before an edit, and says nothing of what never was', () => {
    const [five, fifteen, long] = stopsOf([5, 15, 75], {
      keyOf: (length) => (length === 5 ? '1 2 3' : length === 15 ? null : '4'),
      results,
      versions,
    });
    expect(five).toMatchObject({ figure: '0.70 ±.14', stale: true });
    expect(five?.name).toMatch(/before it was edited$/);
    expect(fifteen).toMatchObject({ figure: null, disabled: true });
    expect(long).toMatchObject({ figure: null, stale: false, disabled: false });
  });
});

describe('timelineOf', () => {
  const picture = (itemId: string): Snapshot => ({
    ...emptySnapshot,
    picture: { itemId, sha256: sha, width: 1, height: 1, title: itemId },
  });
  const entry = (state: Snapshot, label: string, atMs: number): HistoryEntry<Snapshot> => ({ state, label, atMs });

  it('is what happened to this picture alone, newest first, drawings among the steps', () => {
    const entries = [
      entry(emptySnapshot, 'Start', 0),
      entry(picture('fox'), 'Open fox', 10),
      entry(picture('pig'), 'Open pig', 20),
      entry(picture('pig'), 'Type', 40),
    ];
    const results = [drawn('b', 31, [1], 't'), drawn('a', 30, [1], 't')];
    const lines = timelineOf(entries, 3, results, () => '');
    expect(lines.map((line) => (line.type === 'step' ? line.label : line.results.map(({ id }) => id)))).toEqual([
      'Type',
      ['b', 'a'],
      'Open pig',
    ]);
  });

  it('keeps the steps that were undone, to go forth again', () => {
    const entries = [entry(picture('pig'), 'Open pig', 1), entry(picture('pig'), 'Type', 2), entry(picture('pig'), 'Lock', 2)];
    expect(timelineOf(entries, 0, [], () => '').map((line) => line.type === 'step' && line.index)).toEqual([2, 1, 0]);
  });
});
