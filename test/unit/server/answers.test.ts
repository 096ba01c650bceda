import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorBodySchema } from '../../../contract/errors.ts';
import { libraryItemSchema } from '../../../contract/library.ts';
import { makePicture } from '../../contract/make-picture.ts';
import { openTestServer } from './open-test-server.ts';
import type { TestServer } from './open-test-server.ts';

let test: TestServer;
beforeAll(async () => {
  test = await openTestServer();
});
afterAll(() => test.close());

/** A failed call as the contract's clients unwrap it. */
const wrappedSchema = z.object({
  json: z.object({ defined: z.literal(true), code: z.literal('STUDIO'), data: errorBodySchema }),
});

describe('what comes back', () => {
  it('carries the headers that keep a page in', async () => {
    const { headers, status, body } = await test.send({ path: '/' });
    expect(status).toBe(200);
    expect(body.toString()).toContain('<title>page</title>');
    const policy = String(headers['content-security-policy']);
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ]) {
      expect(policy.split('; ')).toContain(rule);
    }
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-cache',
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('lets browsers keep files that are named after their content', async () => {
    const { headers } = await test.send({ path: '/assets/main-abc123.js' });
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    const again = await test.send({ path: '/assets/main-abc123.js', headers: { 'if-none-match': headers.etag } });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//etc/passwd',
    '/./../../../../etc/passwd',
    '/%00',
    '/index.html%00.png',
  ])('gives nothing outside the page for %s', async (path) => {
    const answer = await test.send({ path });
    expect(answer.body.toString()).not.toMatch(/not yours|root:/);
    expect([200, 404]).toContain(answer.status);
    if (answer.status === 200) expect(answer.body.toString()).toContain('<title>page</title>');
  });

  it.each([
    '/images/..%2f..%2fjobs.sqlite',
    '/images/%252e%252e',
    '/images/aa',
    '/previews/..%2f..%2fx',
    '/packs/tiny-scenes/samples/..%2fpack.json',
    '/packs/tiny-scenes/samples/../pack.json',
    '/packs/..%2f..%2fmodels/samples/pack.json',
    '/packs/tiny-scenes/samples/%2fetc%2fpasswd',
  ])('gives no file for %s', async (path) => {
    const answer = await test.send({ path, headers: test.bearer });
    expect(answer.status).toBe(404);
    expect(errorBodySchema.parse(JSON.parse(answer.body.toString())).hint).not.toBe('');
  });
});

describe('pictures', () => {
  it('name what they were made from', async () => {
    const first = libraryItemSchema.parse(JSON.parse((await post(await makePicture(9, { r: 1, g: 2, b: 3 }))).body.toString()));
    const mask = await post(await makePicture(9, { r: 255, g: 255, b: 255 }), { 'x-parent': first.id });
    expect(libraryItemSchema.parse(JSON.parse(mask.body.toString())).parents).toEqual([first.id]);
    const refused = await post(await makePicture(9, { r: 0, g: 0, b: 0 }), { 'x-parent': 'first.png' });
    expect(JSON.parse(refused.body.toString())).toMatchObject({ code: 'bad-request' });
  });

  const post = (body: Uint8Array, headers: Record<string, string> = {}) =>
    test.send({ method: 'POST', path: '/images', headers: { ...test.bearer, 'content-type': 'image/png', ...headers }, body });

  it('are taken as bytes and given back as they were', async () => {
    const png = await makePicture(48, { r: 200, g: 30, b: 90 });
    const answer = await post(png, { 'x-title': encodeURIComponent('Käse & Brot 🧀') });
    expect(answer.status).toBe(200);
    const item = libraryItemSchema.parse(JSON.parse(answer.body.toString()));
    if (item.kind !== 'picture') throw new Error('not a picture');
    expect(item.title).toBe('Käse & Brot 🧀');
    expect(item.parents).toEqual([]);

    const image = await test.send({ path: `/images/${item.image.sha256}`, headers: test.bearer });
    expect(image.body.equals(png)).toBe(true);
    expect(image.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(png.byteLength),
      'cache-control': 'private, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    expect(String(image.headers['content-security-policy'])).toContain('sandbox');

    const head = await test.send({ method: 'HEAD', path: `/images/${item.image.sha256}`, headers: test.bearer });
    expect(head.status).toBe(200);
    expect(head.body).toHaveLength(0);
    const again = await test.send({
      path: `/images/${item.image.sha256}`,
      headers: { ...test.bearer, 'if-none-match': image.headers.etag },
    });
    expect(again.status).toBe(304);
  });

  it.each([
    ['no bytes', Buffer.alloc(0), 'image-unreadable'],
    ['text', Buffer.from('this is not a picture'), 'image-unreadable'],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image-unsupported'],
    ['a PNG cut short', Buffer.from('89504e470d0a1a0a0000000d', 'hex'), 'image-unreadable'],
  ])('made of %s are refused with the reason', async (_, bytes, code) => {
    const answer = await post(bytes);
    const body = errorBodySchema.parse(JSON.parse(answer.body.toString()));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(body.code).toBe(code);
    expect(body.hint).not.toBe('');
  });

  it('over the limit are refused before they are read', async () => {
    const answer = await post(Buffer.from('x'), { 'content-length': String(test.studio.limits.imageBytes + 1) }).catch(
      (error: unknown) => error,
    );
    expect(answer).toMatchObject({ status: 413 });
  });

  it('with a title that is not encoded are a bad-request', async () => {
    const answer = await post(await makePicture(8, { r: 1, g: 2, b: 3 }), { 'x-title': '%E0%A4%A' });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ code: 'bad-request' });
  });
});

describe('calls', () => {
  it.each([
    ['no such method', '/rpc/library/burn', '{}'],
    ['no such group', '/rpc/nothing/at-all', '{}'],
    ['a body that is not JSON', '/rpc/library/query', '{"json":'],
    ['a body that is JSON of another kind', '/rpc/library/query', '[1,2'],
  ])('with %s end as a bad-request', async (_, path, body) => {
    const answer = await test.send({
      method: 'POST',
      path,
      headers: { ...test.bearer, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    const { json } = wrappedSchema.parse(JSON.parse(answer.body.toString()));
    expect(json.data.code).toBe('bad-request');
    expect(json.data.hint).not.toBe('');
  });

  it('with a body beyond all measure are refused before it is read', async () => {
    const headers = { ...test.bearer, 'content-type': 'application/json', 'content-length': '100000000' };
    const answer = await test.send({ method: 'POST', path: '/rpc/library/query', headers, body: '{' });
    const { json } = wrappedSchema.parse(JSON.parse(answer.body.toString()));
    expect(json.data.code).toBe('bad-request');
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('by %s are not possible', async (method) => {
    const answer = await test.send({ method, path: '/images', headers: test.bearer });
    expect(answer.status).toBe(405);
  });
});
