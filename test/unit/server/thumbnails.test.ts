import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestServer } from './open-test-server.ts';
import type { TestServer } from './open-test-server.ts';

let test: TestServer;
let sha256: string;
beforeAll(async () => {
  test = await openTestServer();
  const bytes = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#336699' } })
    .png()
    .toBuffer();
  sha256 = (await test.studio.addImage(bytes)).image.sha256;
});
afterAll(() => test.close());

it('serves a small copy that browsers may keep', async () => {
  const answer = await test.send({ path: `/thumbnails/${sha256}`, headers: test.bearer });
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({
    'content-type': 'image/webp',
    'cache-control': 'private, max-age=31536000, immutable',
    'content-length': String(answer.body.length),
  });
  expect(await sharp(answer.body).metadata()).toMatchObject({ width: 384, height: 256 });
  const again = await test.send({
    path: `/thumbnails/${sha256}`,
    headers: { ...test.bearer, 'if-none-match': answer.headers.etag },
  });
  expect(again.status).toBe(304);
});

it('asks for the key, and refuses other pages', async () => {
  expect((await test.send({ path: `/thumbnails/${sha256}` })).status).toBe(401);
  const foreign = { ...test.bearer, 'sec-fetch-site': 'cross-site' };
  expect((await test.send({ path: `/thumbnails/${sha256}`, headers: foreign })).status).toBe(403);
  expect(
    (await test.send({ path: `/thumbnails/${sha256}`, headers: { ...test.bearer, origin: 'http://evil.test' } })).status,
  ).toBe(403);
});

it.each(['f'.repeat(64), '../index.sqlite', 'nonsense'])('has none for %s', async (name) => {
  const answer = await test.send({ path: `/thumbnails/${encodeURIComponent(name)}`, headers: test.bearer });
  expect(answer.status).toBe(404);
});
