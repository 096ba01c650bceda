import { afterAll, beforeAll, expect, it } from 'vitest';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

it('are made and shown once, listed, and revoked', async () => {
  const { accessKeys } = await bench.startPage();
  expect(accessKeys.keys).toBeNull();
  await accessKeys.create({ name: 'Krita', scope: 'draw', origins: [], expiresMs: null });
  const { created } = accessKeys;
  if (created === null) throw new Error('The new key is shown.');
  expect(bench.core.accessKeys.find(created.secret)).toMatchObject({ name: 'Krita' });
  expect(accessKeys.keys).toEqual([created.key]);
  accessKeys.forgetCreated();
  expect(accessKeys.created).toBeNull();
  await accessKeys.create({ name: 'a page', scope: 'read', origins: ['https://pages.example'], expiresMs: null });
  await accessKeys.revoke(accessKeys.created?.key.id ?? '');
  expect(accessKeys.created).toBeNull();
  await accessKeys.revoke(created.key.id);
  expect(accessKeys.keys).toEqual([]);
});
