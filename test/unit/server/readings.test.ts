import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeReading, encodeReading } from '../../../contract/texts/reading.ts';
import { makeReading } from '../../helpers/make-reading.ts';
import { openTestServer } from './open-test-server.ts';
import type { TestServer } from './open-test-server.ts';

const bytes = encodeReading(makeReading());
const sha256 = createHash('sha256').update(bytes).digest('hex');
let test: TestServer;
beforeAll(async () => {
  test = await openTestServer();
  const folder = join(test.studio.dataFolder, 'readings', sha256.slice(0, 2));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, sha256), bytes);
});
afterAll(() => test.close());

it('serves what was read in a picture, and browsers may keep it', async () => {
  const answer = await test.send({ path: `/readings/${sha256}`, headers: test.bearer });
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'cache-control': 'private, max-age=31536000, immutable',
    'content-length': String(bytes.length),
  });
  expect(decodeReading(answer.body)).toEqual(makeReading());
  const headers = { ...test.bearer, 'if-none-match': answer.headers.etag };
  expect((await test.send({ path: `/readings/${sha256}`, headers })).status).toBe(304);
});

it('asks for the key, and refuses other pages', async () => {
  expect((await test.send({ path: `/readings/${sha256}` })).status).toBe(401);
  const foreign = { ...test.bearer, 'sec-fetch-site': 'cross-site' };
  expect((await test.send({ path: `/readings/${sha256}`, headers: foreign })).status).toBe(403);
});

it.each(['f'.repeat(64), '../index.sqlite', 'nonsense'])('has none for %s', async (name) => {
  const answer = await test.send({ path: `/readings/${encodeURIComponent(name)}`, headers: test.bearer });
  expect(answer.status).toBe(404);
});
