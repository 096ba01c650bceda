import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBodySchema } from '../../../contract/errors.ts';
import { libraryItemSchema } from '../../../contract/library.ts';
import { serveStudio } from '../../../main/shell/server/serve-studio.ts';
import type { StudioServer } from '../../../main/shell/server/serve-studio.ts';
import { openStudio } from '../../../main/studio.ts';
import type { Studio } from '../../../main/studio.ts';
import { makePicture } from '../../contract/make-picture.ts';
import { sendRequest } from './send-request.ts';
import type { Answer } from './send-request.ts';

let studio: Studio;
let server: StudioServer;
let pageFolder: string;
let host: string;
let bearer: { authorization: string };

beforeAll(async () => {
  pageFolder = await mkdtemp(join(tmpdir(), 'dediffusion-page-'));
  await mkdir(join(pageFolder, 'page', 'assets'), { recursive: true });
  await writeFile(join(pageFolder, 'page', 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(pageFolder, 'page', 'assets', 'main-abc123.js'), 'export {};');
  await writeFile(join(pageFolder, 'secret.txt'), 'not yours');
  studio = await openStudio({ ephemeral: true });
  server = await serveStudio({ studio, port: 0, pageFolder: join(pageFolder, 'page') });
  host = new URL(server.origin).host;
  bearer = { authorization: `Bearer ${server.token}` };
});

afterAll(async () => {
  await server.close();
  await studio.close();
  await rm(pageFolder, { recursive: true, force: true });
});

const send = (options: Parameters<typeof sendRequest>[1]) => sendRequest(server.origin, options);
const callInfo = (headers: Record<string, string>) =>
  send({ method: 'POST', path: '/rpc/studio/info', headers: { 'content-type': 'application/json', ...headers }, body: '{}' });

function expectRefusal(answer: Answer, status: number): void {
  expect(answer.status).toBe(status);
  const body = errorBodySchema.parse(JSON.parse(answer.body.toString()));
  expect(body.code).toBe('unauthorised');
  expect(body.hint).not.toBe('');
  expect(answer.body.toString()).not.toContain(server.token);
}

describe('the session', () => {
  it('opens with the printed link, as a cookie no script can read, and leaves the key out of the address', async () => {
    const answer = await send({ path: `/?token=${server.token}` });
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);

    const [pair = ''] = cookie.split(';');
    expect((await callInfo({ cookie: `other=1; ${pair}`, origin: server.origin })).status).toBe(200);
  });

  it('does not open with a wrong key', async () => {
    const wrong = `${server.token.slice(0, -1)}${server.token.endsWith('A') ? 'B' : 'A'}`;
    const answer = await send({ path: `/?token=${wrong}` });
    expectRefusal(answer, 401);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('has a key of 32 random bytes, new with every start', async () => {
    expect(Buffer.from(server.token, 'base64url')).toHaveLength(32);
    const second = await serveStudio({ studio, port: 0 });
    expect(second.token).not.toBe(server.token);
    await second.close();
  });
});

describe('who may call', () => {
  it('lets in whoever has the key', async () => {
    expect((await callInfo(bearer)).status).toBe(200);
  });

  it.each([
    ['no key', {}],
    ['a wrong key', { authorization: 'Bearer nonsense' }],
    ['an empty key', { authorization: 'Bearer ' }],
    ['a key in another scheme', { authorization: 'Basic abc' }],
    ['a wrong cookie', { cookie: 'dediffusion-0=nonsense' }],
  ])('refuses %s', async (_, headers) => {
    expectRefusal(await callInfo({ ...headers, origin: server.origin }), 401);
    expectRefusal(await send({ path: `/images/${'a'.repeat(64)}`, headers }), 401);
    expectRefusal(await send({ path: '/previews/x', headers }), 401);
    expectRefusal(await send({ path: '/packs/tiny-scenes/samples/x.png', headers }), 401);
    expectRefusal(
      await send({ method: 'POST', path: '/images', headers: { ...headers, origin: server.origin }, body: 'x' }),
      401,
    );
  });

  it('gives a typed client the refusal as the contract’s own error', async () => {
    const { json } = JSON.parse((await callInfo({ origin: server.origin })).body.toString());
    expect(json).toMatchObject({ defined: true, code: 'STUDIO', status: 401, data: { code: 'unauthorised' } });
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', '192.168.0.1', '0.0.0.0'])(
    'refuses the host name %j, which may be a rebound one',
    async (name) => {
      expectRefusal(await callInfo({ ...bearer, host: name }), 403);
      expectRefusal(await send({ path: '/', headers: { host: name } }), 403);
      expectRefusal(await send({ path: `/?token=${server.token}`, headers: { host: name } }), 403);
    },
  );

  it('answers to the names of this machine', async () => {
    const { port } = new URL(server.origin);
    for (const name of [`localhost:${port}`, `[::1]:${port}`, `LOCALHOST:${port}`, host]) {
      expect((await callInfo({ ...bearer, host: name })).status).toBe(200);
    }
  });

  it.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'https://127.0.0.1', 'file://'])(
    'refuses the foreign origin %s, even with the key',
    async (origin) => {
      expectRefusal(await callInfo({ ...bearer, origin }), 403);
      expectRefusal(await send({ path: `/images/${'a'.repeat(64)}`, headers: { ...bearer, origin } }), 403);
    },
  );

  it('refuses changes that a browser sends without saying from where', async () => {
    const cookie = `dediffusion-${server.port}=${server.token}`;
    expectRefusal(await callInfo({ cookie }), 403);
    expect((await callInfo({ cookie, origin: server.origin })).status).toBe(200);
  });

  it.each(['cross-site', 'same-site'])('refuses pictures to a page that is %s, cookie or not', async (site) => {
    const cookie = `dediffusion-${server.port}=${server.token}`;
    expectRefusal(await send({ path: `/images/${'a'.repeat(64)}`, headers: { cookie, 'sec-fetch-site': site } }), 403);
  });

  it('does not run a method by GET', async () => {
    const answer = await send({ path: '/rpc/jobs/clear', headers: { ...bearer } });
    expect(answer.status).not.toBe(200);
  });
});

describe('what comes back', () => {
  it('carries the headers that keep a page in', async () => {
    const { headers, status, body } = await send({ path: '/' });
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
    const { headers } = await send({ path: '/assets/main-abc123.js' });
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    const again = await send({ path: '/assets/main-abc123.js', headers: { 'if-none-match': headers.etag } });
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
    const answer = await send({ path });
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
    const answer = await send({ path, headers: bearer });
    expect(answer.status).toBe(404);
    expect(errorBodySchema.parse(JSON.parse(answer.body.toString())).hint).not.toBe('');
  });
});

describe('pictures', () => {
  const post = (body: Uint8Array, headers: Record<string, string> = {}) =>
    send({ method: 'POST', path: '/images', headers: { ...bearer, 'content-type': 'image/png', ...headers }, body });

  it('are taken as bytes and given back as they were', async () => {
    const png = await makePicture(48, { r: 200, g: 30, b: 90 });
    const answer = await post(png, { 'x-title': encodeURIComponent('Käse & Brot 🧀') });
    expect(answer.status).toBe(200);
    const item = libraryItemSchema.parse(JSON.parse(answer.body.toString()));
    if (item.kind !== 'picture') throw new Error('not a picture');
    expect(item.title).toBe('Käse & Brot 🧀');

    const image = await send({ path: `/images/${item.image.sha256}`, headers: bearer });
    expect(image.body.equals(png)).toBe(true);
    expect(image.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(png.byteLength),
      'cache-control': 'private, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    expect(String(image.headers['content-security-policy'])).toContain('sandbox');

    const head = await send({ method: 'HEAD', path: `/images/${item.image.sha256}`, headers: bearer });
    expect(head.status).toBe(200);
    expect(head.body).toHaveLength(0);
    const again = await send({
      path: `/images/${item.image.sha256}`,
      headers: { ...bearer, 'if-none-match': image.headers.etag },
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
    const answer = await post(Buffer.from('x'), { 'content-length': String(studio.limits.imageBytes + 1) }).catch(
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
    const answer = await send({ method: 'POST', path, headers: { ...bearer, 'content-type': 'application/json' }, body });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    const { json } = JSON.parse(answer.body.toString());
    const error = errorBodySchema.parse(json.data);
    expect(error.code).toBe('bad-request');
    expect(error.hint).not.toBe('');
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('by %s are not possible', async (method) => {
    const answer = await send({ method, path: '/images', headers: bearer });
    expect(answer.status).toBe(405);
  });
});
