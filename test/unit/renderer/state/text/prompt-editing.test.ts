import { afterAll, beforeAll, expect, it } from 'vitest';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

it('typing that is taken back while it becomes tokens stays taken back', async () => {
  const { editing, work } = await bench.startPage();
  editing.type('a red fox');
  await editing.settle();
  editing.type('a red fox sleeps');
  const settling = editing.settle();
  // The core has been asked by then, and has not answered.
  await Promise.resolve();
  await Promise.resolve();
  work.undo();
  await settling;
  expect(work.text).toBe('a red fox');
  expect(work.history.canRedo).toBe(false);
});
