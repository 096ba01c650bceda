import { hostname, networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveStudio } from '../../../main/shell/server/serve-studio.ts';
import type { StudioServer } from '../../../main/shell/server/serve-studio.ts';
import { openStudio } from '../../../main/studio.ts';
import type { Studio } from '../../../main/studio.ts';
import { sendRequest } from './send-request.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio({ ephemeral: true, device: 'cpu' });
});
afterAll(() => studio.close());

const serving: StudioServer[] = [];
afterAll(() => Promise.all(serving.map((server) => server.close())));

async function serve(options: { readonly host?: string; readonly origins?: readonly string[] }): Promise<StudioServer> {
  const server = await serveStudio({ studio, port: 0, ...options });
  serving.push(server);
  return server;
}

/** Asks the server over loopback, whatever the headers say. */
const ask = (server: StudioServer, path: string, headers: Record<string, string>, method = 'GET') =>
  sendRequest(`http://127.0.0.1:${server.port}`, { method, path, headers, ...(method === 'GET' ? {} : { body: '{}' }) });

const callInfo = (server: StudioServer, host: string, origin: string, base = '') => {
  const headers = { host, origin, cookie: `dediffusion-${server.port}=${server.token}`, 'content-type': 'application/json' };
  return ask(server, `${base}/rpc/studio/info`, headers, 'POST');
};

describe('a studio that listens to other machines', () => {
  it('prints a link for every address of the machine, and each of them opens it', async () => {
    const server = await serve({ host: '0.0.0.0' });
    const outer = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of outer) expect(server.urls).toContain(`http://${address}:${server.port}/?token=${server.token}`);
    for (const url of server.urls.map((one) => new URL(one))) {
      expect((await ask(server, `/${url.search}`, { host: url.host })).status).toBe(303);
      expect((await callInfo(server, url.host, url.origin)).status).toBe(200);
    }
  });

  it('answers to the machine’s own name, and to no other', async () => {
    const server = await serve({ host: '0.0.0.0' });
    const name = `${hostname().toLowerCase()}:${server.port}`;
    expect((await callInfo(server, name, `http://${name}`)).status).toBe(200);
    expect((await callInfo(server, `evil.example:${server.port}`, `http://evil.example:${server.port}`)).status).toBe(403);
  });

  it('answers to a loopback address by loopback names alone', async () => {
    const server = await serve({});
    const name = `${hostname().toLowerCase()}:${server.port}`;
    expect((await callInfo(server, name, `http://${name}`)).status).toBe(403);
  });
});

describe('a studio behind https', () => {
  const front = 'https://studio.example';

  it('is opened and used by the address that was given, whether its Host is passed on or not', async () => {
    const server = await serve({ origins: [front] });
    expect(server.url).toBe(`${front}/?token=${server.token}`);
    const opened = await ask(server, `/?token=${server.token}`, { host: 'studio.example' });
    expect(opened.headers['set-cookie']?.[0]).toMatch(/SameSite=Strict; Path=\/; Secure$/);
    for (const host of ['studio.example', `127.0.0.1:${server.port}`])
      expect((await callInfo(server, host, front)).status).toBe(200);
  });

  it.each([
    'http://studio.example',
    'https://studio.example:8443',
    'https://evil.example',
    'https://studio.example.evil',
    'null',
  ])('refuses the origin %s', async (origin) => {
    const server = await serve({ origins: [front] });
    for (const host of ['studio.example', `127.0.0.1:${server.port}`])
      expect((await callInfo(server, host, origin)).status).toBe(403);
  });

  it('refuses https where nobody gave it', async () => {
    const server = await serve({});
    const host = `127.0.0.1:${server.port}`;
    expect((await callInfo(server, host, `https://${host}`)).status).toBe(403);
    expect((await callInfo(server, 'studio.example', front)).status).toBe(403);
  });
});

describe('a studio under a path', () => {
  it.each([
    ['passed on', '/pictures'],
    ['taken away', ''],
  ])('works where the path is %s', async (_how, base) => {
    const server = await serve({ origins: ['https://example.org/pictures/'] });
    expect(server.url).toBe(`https://example.org/pictures/?token=${server.token}`);
    const opened = await ask(server, `${base}/?token=${server.token}`, { host: 'example.org' });
    expect(opened.status).toBe(303);
    expect(opened.headers.location).toBe('./');
    expect(opened.headers['set-cookie']?.[0]).toContain('Path=/pictures/; Secure');
    expect((await callInfo(server, 'example.org', 'https://example.org', base)).status).toBe(200);
  });

  it('sends the path without its slash to the one with it', async () => {
    const server = await serve({ origins: ['https://example.org/a/pictures'] });
    const answer = await ask(server, '/a/pictures?token=x', { host: 'example.org' });
    expect(answer.status).toBe(308);
    expect(answer.headers.location).toBe('pictures/?token=x');
  });

  it.each(['example.org', 'ftp://example.org', 'https://example.org/rpc', 'https://example.org/?a=b', 'https://a@example.org'])(
    'refuses %s as an address',
    async (origin) => {
      await expect(serve({ origins: [origin] })).rejects.toMatchObject({ code: 'bad-request' });
    },
  );
});
