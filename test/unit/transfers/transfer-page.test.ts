import { expect, it } from 'vitest';
import { factsOf, transferSchema } from '../../../contract/transfer.ts';
import { transferPage } from '../../../main/transfers/transfer-page.ts';
import { transferTable } from '../../../main/transfers/transfer-table.ts';

const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>\'&lt;';
const sha256 = 'a'.repeat(64);
const transfer = transferSchema.parse({
  ...{ id: 'one', name: hostile, createdMs: 1, seeds: [7], settings: {} },
  counts: { queued: 0, running: 0, awaited: 1, done: 1, failed: 1, cancelled: 0 },
  tools: [{ type: 'pack', packId: hostile }, { type: 'connections', connectionIds: ['one', 'two'] }, { type: 'midjourney' }],
  rows: [
    {
      ...{ name: hostile, text: hostile, originalSha256: sha256, itemId: null, comparedWith: 'picture' },
      rating: { mean: 0.5, spread: 0.1, least: 0.4, tools: 2 },
    },
  ],
  cells: [
    {
      ...{ row: 0, column: 0, seedIndex: 0, state: 'done', jobId: 'job', connectionId: null, itemId: 'item', sha256 },
      ...{ seed: 7, score: 0.25, timeMs: 1500, cost: null, handedOut: null, progress: null, error: null },
    },
    {
      ...{ row: 0, column: 1, seedIndex: 0, state: 'failed', jobId: 'other', connectionId: 'two', itemId: null, sha256: null },
      ...{ seed: null, score: null, timeMs: null, cost: null, handedOut: null, progress: null },
      error: { code: 'tool-failed', message: hostile, hint: 'Draw it again.', details: {} },
    },
    {
      ...{ row: 0, column: 2, seedIndex: 0, state: 'awaited', jobId: null, connectionId: null, itemId: null, sha256: null },
      ...{ seed: null, score: null, timeMs: null, cost: null, progress: null, error: null },
      handedOut: { text: `${hostile} --seed 7`, notes: [] },
    },
  ],
});

it('the page takes a stranger’s texts as letters, wherever they stand, and asks nobody', () => {
  const page = transferPage(transfer, new Map([[sha256, 'data:image/webp;base64,AAAA']]));
  expect(page.match(/<script|<img src=x|onerror=alert\(1\)>/g)).toBeNull();
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  // Everything that lies in quotes ends where the page ends it.
  expect(page.match(/<img src="data:image\/webp;base64,AAAA" alt="[^"<>]*" loading="lazy">/g)).toHaveLength(2);
  expect(page).not.toMatch(/(?:src|href)="(?!data:)/);
  for (const told of ['0.250', 'seed 7', '1.5 s', '0.500 ± 0.100', '<b>Midjourney</b>', 'awaited', ' --seed 7'])
    expect(page).toContain(told);
});

it('what is told of a picture stands in one order, and what nobody knows is left out', () => {
  const [drawn, failed] = transfer.cells;
  if (drawn === undefined || failed === undefined) throw new Error('no cells');
  const whole = { ...drawn, cost: 0.5, connectionId: 'one' };
  expect(factsOf(whole).map(({ type }) => type)).toEqual(['score', 'seconds', 'cost', 'seed', 'connection']);
  expect(factsOf(failed)).toEqual([{ type: 'connection', value: 'two' }]);
  const page = transferPage({ ...transfer, cells: [whole] }, new Map());
  expect(page).toContain('0.250 · 1.5 s · cost 0.500 · seed 7 · one');
});

it('the table has a line for every place, with its figures and its failure', () => {
  const [heads = '', first = '', second = '', third = ''] = transferTable(transfer).split('\r\n');
  expect(heads).toContain('prompt,text,tool,connection,seed,state,score');
  expect(first).toContain(',7,done,0.25,picture,1500,,0.5,0.1,');
  expect(second).toContain(',one + two,two,7,failed,');
  expect(third).toContain(',Midjourney,,7,awaited,');
});
