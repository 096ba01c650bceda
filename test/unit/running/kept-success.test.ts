import { expect, test } from 'vitest';
import { KeptSuccess } from '../../../main/running/kept-success.ts';

test('a failure is told and not kept; what came out at last is', async () => {
  let calls = 0;
  const kept = new KeptSuccess(() => {
    calls += 1;
    return calls < 3 ? Promise.reject(new Error(`failure ${calls}`)) : Promise.resolve('read');
  });
  await expect(Promise.allSettled([kept.get(), kept.get()])).resolves.toMatchObject([
    { status: 'rejected' },
    { status: 'rejected' },
  ]);
  expect(calls).toBe(1);
  await expect(kept.get()).rejects.toThrow('failure 2');
  await expect(kept.get()).resolves.toBe('read');
  await expect(kept.get()).resolves.toBe('read');
  expect(calls).toBe(3);
  await kept.take();
  await kept.get();
  expect(calls).toBe(4);
});
