import { afterAll, beforeAll, expect, it } from 'vitest';
import { pngWith } from '../../helpers/metadata-files.ts';
import { openTestServer } from './open-test-server.ts';
import type { TestServer } from './open-test-server.ts';

let test: TestServer;
let sha256: string;
beforeAll(async () => {
  test = await openTestServer();
  sha256 = (await test.studio.addImage(await pngWith([['parameters', 'a fox by eve']]))).image.sha256;
});
afterAll(() => test.close());

it('gives a picture as it is to be saved, as the settings have it just now', async () => {
  const save = () => test.send({ path: `/saved/${sha256}`, headers: test.bearer });
  const whole = await save();
  expect(whole).toMatchObject({ status: 200, headers: { 'content-type': 'image/png', 'cache-control': 'no-store' } });
  expect(whole.body.includes('a fox by eve')).toBe(true);
  await test.studio.client.settings.update({ stripSaved: true });
  const bare = await save();
  expect(bare).toMatchObject({ status: 200, headers: { 'content-length': String(bare.body.length) } });
  expect(bare.body.includes('a fox by eve')).toBe(false);
});

it('asks for the key, and has nothing under other names', async () => {
  expect((await test.send({ path: `/saved/${sha256}` })).status).toBe(401);
  for (const name of ['f'.repeat(64), '../index.sqlite']) {
    expect((await test.send({ path: `/saved/${encodeURIComponent(name)}`, headers: test.bearer })).status).toBe(404);
  }
});
