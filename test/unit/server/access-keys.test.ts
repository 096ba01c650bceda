import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KeyScope } from '../../../contract/access-key.ts';
import { errorBodySchema } from '../../../contract/errors.ts';
import { openTestServer } from './open-test-server.ts';
import type { TestServer } from './open-test-server.ts';
import type { Answer } from './send-request.ts';

const PAGE = 'https://pages.example';
let test: TestServer;
beforeAll(async () => {
  test = await openTestServer();
});
afterAll(() => test.close());
beforeEach(async () => {
  const { accessKeys } = test.studio.client;
  for (const { id } of await accessKeys.list()) await accessKeys.revoke({ id });
});

async function makeKey(scope: KeyScope, more: { origins?: string[]; expiresMs?: number } = {}) {
  const { key, secret } = await test.studio.client.accessKeys.create({ name: 'a program', scope, ...more });
  return { id: key.id, secret, bearer: { authorization: `Bearer ${secret}` } };
}

const call = (method: string, headers: Record<string, string>, input?: unknown): Promise<Answer> =>
  test.send({
    method: 'POST',
    path: `/rpc/${method}`,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ json: input }),
  });
const codeOf = ({ body }: Answer): string => {
  const parsed = JSON.parse(body.toString()) as { json?: { data: unknown } };
  return errorBodySchema.parse(parsed.json?.data ?? parsed).code;
};
const drawing = { kind: 'generate', prompt: { type: 'text', text: '' }, settings: {} };
const bringing = {
  ...{ kind: 'install', packId: 'a', name: 'A', source: { type: 'folder', path: '/nowhere' } },
  agreed: { licence: 'mit', bytes: 1 },
};

describe('a program with a key', () => {
  it('does what its scope allows, and is told what it lacks', async () => {
    const [reader, drawer, admin] = [await makeKey('read'), await makeKey('draw'), await makeKey('admin')];
    for (const { bearer } of [reader, drawer, admin]) expect((await call('studio/info', bearer)).status).toBe(200);
    const refused = await call('jobs/submit', reader.bearer, drawing);
    expect(codeOf(refused)).toBe('not-allowed');
    expect(refused.body.toString()).toContain('“draw”');
    expect((await call('jobs/submit', drawer.bearer, drawing)).status).toBe(200);
    expect(codeOf(await call('settings/update', drawer.bearer, {}))).toBe('not-allowed');
    expect((await call('settings/update', admin.bearer, {})).status).toBe(200);
  });

  it('brings no model with a key that only draws, neither anew nor by trying again', async () => {
    const [drawer, admin] = [await makeKey('draw'), await makeKey('admin')];
    expect(codeOf(await call('jobs/submit', drawer.bearer, bringing))).toBe('not-allowed');
    const begun = await call('jobs/submit', admin.bearer, bringing);
    const { json } = JSON.parse(begun.body.toString()) as { json: { id: string } };
    expect(codeOf(await call('jobs/retry', drawer.bearer, { jobId: json.id }))).toBe('not-allowed');
  });

  it('neither makes keys nor says yes for a person, whatever its scope', async () => {
    const { bearer } = await makeKey('admin');
    expect(codeOf(await call('accessKeys/create', bearer, { name: 'more', scope: 'read' }))).toBe('not-allowed');
    expect(codeOf(await call('accessKeys/list', bearer))).toBe('not-allowed');
    const consent = { origin: 'https://a.example', purpose: 'download', sends: [], keeps: [], shown: 'Yes.' };
    expect(codeOf(await call('network/allow', bearer, consent))).toBe('not-allowed');
    expect(await test.studio.client.accessKeys.list()).toHaveLength(1);
  });

  it('adds pictures only where it may draw', async () => {
    const send = ({ bearer }: { bearer: Record<string, string> }) =>
      test.send({ method: 'POST', path: '/images', headers: bearer, body: 'no picture' });
    const refused = await send(await makeKey('read'));
    expect(refused.status).toBe(403);
    expect(codeOf(refused)).toBe('not-allowed');
    expect(codeOf(await send(await makeKey('draw')))).toBe('image-unreadable');
  });

  it('may show it as a password, as clients of the web UI do', async () => {
    const { secret } = await makeKey('read');
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    expect((await call('studio/info', basic(`me:${secret}`))).status).toBe(200);
    for (const wrong of [secret, `${secret}:me`, `me:${secret}a`, 'me:', 'me']) {
      expect([401, 403]).toContain((await call('studio/info', basic(wrong))).status);
    }
  });

  it('is let in no more once the key is revoked or has expired', async () => {
    const [gone, old] = [await makeKey('admin'), await makeKey('admin', { expiresMs: 1 })];
    await test.studio.client.accessKeys.revoke({ id: gone.id });
    for (const { bearer } of [gone, old]) expect((await call('studio/info', bearer)).status).toBe(401);
  });

  it('is sent no more events from the moment its key is revoked', async () => {
    const { id, bearer } = await makeKey('read');
    const answer = await fetch(`${test.server.origin}/rpc/studio/events`, { method: 'POST', headers: bearer });
    const reader = answer.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await test.studio.client.accessKeys.revoke({ id });
    const drain = async (): Promise<void> => {
      while ((await reader?.read())?.done === false);
    };
    // How it ends is the transport's; that it ends is the studio's.
    await drain().catch(() => undefined);
    expect((await call('studio/info', bearer)).status).toBe(401);
  });
});

describe('a page of another origin', () => {
  const ask = { origin: PAGE, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };
  const preflight = (headers: Record<string, string>) => test.send({ method: 'OPTIONS', path: '/rpc/studio/info', headers });

  it('that a key names asks with that key, and may read the answers', async () => {
    const { bearer } = await makeKey('read', { origins: [PAGE] });
    const asked = await preflight({ ...ask, 'access-control-request-private-network': 'true' });
    expect(asked.status).toBe(204);
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-headers': expect.stringContaining('authorization') as string,
      'access-control-allow-private-network': 'true',
      vary: 'origin',
    });
    const answer = await call('studio/info', { ...bearer, origin: PAGE, 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(200);
    expect(answer.headers['access-control-allow-origin']).toBe(PAGE);
    const refused = await call('settings/update', { ...bearer, origin: PAGE }, {});
    expect(refused.headers['access-control-allow-origin']).toBe(PAGE);
  });

  it('is refused with a key that does not name it, with the session, and with none', async () => {
    await makeKey('read', { origins: [PAGE] });
    const other = await makeKey('read');
    const cookie = `dediffusion-${test.server.port}=${test.server.token}`;
    for (const headers of [other.bearer, test.bearer, { cookie }, {}]) {
      expect((await call('studio/info', { ...headers, origin: PAGE })).status).toBe(403);
    }
  });

  it('learns nothing where no key names it', async () => {
    const { bearer } = await makeKey('read', { origins: ['https://others.example'] });
    const asked = await preflight(ask);
    expect(asked.status).toBe(403);
    expect(asked.headers['access-control-allow-origin']).toBeUndefined();
    const answer = await call('studio/info', { ...bearer, origin: PAGE });
    expect(answer.status).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});
