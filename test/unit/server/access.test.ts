import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBodySchema } from '../../../contract/errors.ts';
import { serveStudio } from '../../../main/shell/server/serve-studio.ts';
import { openTestServer } from './open-test-server.ts';
import type { TestServer } from './open-test-server.ts';
import type { Answer } from './send-request.ts';

let test: TestServer;
beforeAll(async () => {
  test = await openTestServer();
});
afterAll(() => test.close());

const callInfo = (headers: Record<string, string>) =>
  test.send({
    method: 'POST',
    path: '/rpc/studio/info',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{}',
  });

function expectRefusal(answer: Answer, status: number): void {
  expect(answer.status).toBe(status);
  const body = errorBodySchema.parse(JSON.parse(answer.body.toString()));
  expect(body.code).toBe('unauthorised');
  expect(body.hint).not.toBe('');
  expect(answer.body.toString()).not.toContain(test.server.token);
}

describe('the session', () => {
  it('opens with the printed link, as a cookie no script can read, and leaves the key out of the address', async () => {
    const answer = await test.send({ path: `/?token=${test.server.token}` });
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);

    const [pair = ''] = cookie.split(';');
    expect((await callInfo({ cookie: `other=1; ${pair}`, origin: test.server.origin })).status).toBe(200);
  });

  it('does not open with a wrong key', async () => {
    const wrong = `${test.server.token.slice(0, -1)}${test.server.token.endsWith('A') ? 'B' : 'A'}`;
    const answer = await test.send({ path: `/?token=${wrong}` });
    expectRefusal(answer, 401);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('has a key of 32 random bytes, new with every start', async () => {
    expect(Buffer.from(test.server.token, 'base64url')).toHaveLength(32);
    const second = await serveStudio({ studio: test.studio, port: 0 });
    expect(second.token).not.toBe(test.server.token);
    await second.close();
  });
});

describe('who may call', () => {
  it('lets in whoever has the key', async () => {
    expect((await callInfo(test.bearer)).status).toBe(200);
  });

  it.each([
    ['no key', {}],
    ['a wrong key', { authorization: 'Bearer nonsense' }],
    ['an empty key', { authorization: 'Bearer ' }],
    ['a key in another scheme', { authorization: 'Basic abc' }],
    ['a wrong cookie', { cookie: 'dediffusion-0=nonsense' }],
  ])('refuses %s', async (_, headers) => {
    expectRefusal(await callInfo({ ...headers, origin: test.server.origin }), 401);
    expectRefusal(await test.send({ path: `/images/${'a'.repeat(64)}`, headers }), 401);
    expectRefusal(await test.send({ path: '/previews/x', headers }), 401);
    expectRefusal(await test.send({ path: '/packs/tiny-scenes/samples/x.png', headers }), 401);
    expectRefusal(
      await test.send({ method: 'POST', path: '/images', headers: { ...headers, origin: test.server.origin }, body: 'x' }),
      401,
    );
  });

  it('gives a typed client the refusal as the contract’s own error', async () => {
    const answer = await callInfo({ origin: test.server.origin });
    const json = { defined: true, code: 'STUDIO', status: 401, data: { code: 'unauthorised' } };
    expect(JSON.parse(answer.body.toString())).toMatchObject({ json });
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', '192.168.0.1', '0.0.0.0'])(
    'refuses the host name %j, which may be a rebound one',
    async (name) => {
      expectRefusal(await callInfo({ ...test.bearer, host: name }), 403);
      expectRefusal(await test.send({ path: '/', headers: { host: name } }), 403);
      expectRefusal(await test.send({ path: `/?token=${test.server.token}`, headers: { host: name } }), 403);
    },
  );

  it('answers to the names of this machine', async () => {
    const { port } = new URL(test.server.origin);
    for (const name of [`localhost:${port}`, `[::1]:${port}`, `LOCALHOST:${port}`, `127.0.0.1:${port}`]) {
      expect((await callInfo({ ...test.bearer, host: name })).status).toBe(200);
    }
  });

  it.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'https://127.0.0.1', 'file://'])(
    'refuses the foreign origin %s, even with the key',
    async (origin) => {
      expectRefusal(await callInfo({ ...test.bearer, origin }), 403);
      expectRefusal(await test.send({ path: `/images/${'a'.repeat(64)}`, headers: { ...test.bearer, origin } }), 403);
    },
  );

  it('refuses changes that a browser sends without saying from where', async () => {
    const cookie = `dediffusion-${test.server.port}=${test.server.token}`;
    expectRefusal(await callInfo({ cookie }), 403);
    expect((await callInfo({ cookie, origin: test.server.origin })).status).toBe(200);
  });

  it.each(['cross-site', 'same-site'])('refuses pictures to a page that is %s, cookie or not', async (site) => {
    const cookie = `dediffusion-${test.server.port}=${test.server.token}`;
    expectRefusal(await test.send({ path: `/images/${'a'.repeat(64)}`, headers: { cookie, 'sec-fetch-site': site } }), 403);
  });

  it('does not run a method by GET', async () => {
    const answer = await test.send({ path: '/rpc/jobs/clear', headers: { ...test.bearer } });
    expect(answer.status).not.toBe(200);
  });
});
