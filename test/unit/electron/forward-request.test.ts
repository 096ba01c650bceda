import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { forwardRequest } from '../../../main/shell/electron/host/forward-request.ts';

let folder: string;
let server: Server;
let listener: RequestListener;
const address = () => ({ socketPath: join(folder, 'host'), token: 'secret' });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'forward-'));
  server = createServer((request, response) => listener(request, response));
  await new Promise<void>((resolve) => server.listen(address().socketPath, resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

test('passes method, path, query, headers and body, and brings back status, headers and body', async () => {
  let seen: { method: string | undefined; url: string | undefined; title: unknown; body: string } | null = null;
  listener = (request, response) => {
    void bodyOf(request).then((body) => {
      seen = { method: request.method, url: request.url, title: request.headers['x-title'], body: body.toString() };
      response.writeHead(201, { 'content-type': 'text/plain', 'x-kept': 'yes' }).end('made');
    });
  };
  const init = { method: 'POST', headers: { 'x-title': 'owl' }, body: 'bytes' };
  const response = await forwardRequest(new Request('studio://app/images?a=1&b=%20', init), address());
  expect(seen).toEqual({ method: 'POST', url: '/images?a=1&b=%20', title: 'owl', body: 'bytes' });
  expect(response.status).toBe(201);
  expect(response.headers.get('x-kept')).toBe('yes');
  expect(await response.text()).toBe('made');
});

test('says who we are, and lets the page say nothing about that', async () => {
  let headers: IncomingMessage['headers'] = {};
  listener = (request, response) => {
    headers = request.headers;
    response.setHeader('set-cookie', 'session=secret');
    response.end();
  };
  const forged = {
    authorization: 'Bearer mine',
    cookie: 'a=b',
    origin: 'studio://app',
    'sec-fetch-site': 'same-origin',
    'x-kept': '1',
  };
  const response = await forwardRequest(new Request('studio://app/rpc/a', { headers: forged }), address());
  expect(headers.authorization).toBe('Bearer secret');
  expect(headers.host).toBe('studio');
  expect(headers['x-kept']).toBe('1');
  expect(headers.cookie).toBeUndefined();
  expect(headers.origin).toBeUndefined();
  expect(headers['sec-fetch-site']).toBeUndefined();
  expect(response.headers.get('set-cookie')).toBeNull();
});

test('streams large bodies both ways without keeping them', async () => {
  listener = (request, response) => void request.pipe(response);
  const megabytes = 24;
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent === megabytes) controller.close();
      else controller.enqueue(new Uint8Array(1_000_000).fill(sent++));
    },
  });
  const request = new Request('studio://app/images', { method: 'POST', body, duplex: 'half' } as RequestInit);
  const response = await forwardRequest(request, address());
  let bytes = 0;
  for await (const chunk of response.body ?? []) bytes += (chunk as Uint8Array).length;
  expect(bytes).toBe(megabytes * 1_000_000);
});

test('events arrive one by one, and a reader who leaves ends the request at the host', async () => {
  let left: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (left = resolve));
  let number = 0;
  listener = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const timer = setInterval(() => response.write(`data: ${number++}\n\n`), 2);
    response.once('close', () => {
      clearInterval(timer);
      left();
    });
  };
  const response = await forwardRequest(new Request('studio://app/rpc/studio/events'), address());
  const reader = response.body?.getReader();
  const first = await reader?.read();
  expect(new TextDecoder().decode(first?.value)).toContain('data: 0');
  await reader?.cancel();
  await gone;
});

test('a host that dies in the middle breaks the stream instead of ending it', async () => {
  listener = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: 0\n\n', () => response.destroy());
  };
  const response = await forwardRequest(new Request('studio://app/rpc/studio/events'), address());
  await expect(response.text()).rejects.toThrow();
});

test('an aborted request ends at the host before it has answered', async () => {
  const stop = new AbortController();
  let left: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (left = resolve));
  listener = (request) => {
    request.once('close', left);
    stop.abort();
  };
  const request = new Request('studio://app/rpc/a', { method: 'POST', body: '{}', signal: stop.signal });
  await expect(forwardRequest(request, address())).rejects.toThrow(/abort/i);
  await gone;
});

test.each([204, 304])('an answer without a body has none: %d', async (status) => {
  listener = (_request, response) => void response.writeHead(status).end();
  const response = await forwardRequest(new Request('studio://app/images/a'), address());
  expect([response.status, response.body]).toEqual([status, null]);
});

test('nobody listening is an error, not an answer', async () => {
  const nowhere = { socketPath: join(folder, 'nobody'), token: 'secret' };
  await expect(forwardRequest(new Request('studio://app/rpc/a'), nowhere)).rejects.toMatchObject({ code: 'ENOENT' });
});
