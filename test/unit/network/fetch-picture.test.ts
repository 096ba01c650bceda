import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchPicture } from '../../../main/network/fetch-picture.ts';
import { isPublicAddress } from '../../../main/network/is-public-address.ts';

const fixture = (name: string) => readFile(new URL(`../../fixtures/certificate/${name}`, import.meta.url), 'utf8');
const picture = Buffer.from('89504e470d0a1a0a', 'hex');

describe('fetching a picture from the web', () => {
  let server: Server;
  let origin: string;
  let ca: string;
  let seen: IncomingHttpHeaders[] = [];

  beforeAll(async () => {
    ca = await fixture('certificate.pem');
    server = createServer({ cert: ca, key: await fixture('key.pem') }, (request, response) => {
      seen.push(request.headers);
      const moves: Record<string, string> = {
        '/moved': '/picture.png',
        '/circle': '/circle',
        '/away': `https://127.0.0.1:${(server.address() as AddressInfo).port}/picture.png`,
        '/down': 'http://localhost/picture.png',
      };
      const path = request.url ?? '';
      const location = moves[path];
      if (location !== undefined) response.writeHead(302, { location }).end();
      else if (path === '/page') response.writeHead(200, { 'content-type': 'text/html' }).end('<p>');
      else if (path === '/large') response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.alloc(2_000));
      else if (path === '/named-large') response.writeHead(200, { 'content-length': '999999' }).flushHeaders();
      else if (path === '/slow') response.writeHead(200).flushHeaders();
      else if (path === '/gone') response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': 'image/png' }).end(picture);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const here = (path: string, more: object = {}) => fetchPicture(`${origin}${path}`, { ca, isAllowed: () => true, ...more });

  test('brings the bytes, and tells the host nothing of this machine', async () => {
    seen = [];
    expect(Buffer.from(await here('/picture.png'))).toEqual(picture);
    expect(Object.keys(seen[0] ?? {}).sort()).toEqual(['accept', 'connection', 'host', 'user-agent']);
  });

  test('follows a redirect within the host, and names another host instead of asking it', async () => {
    expect(Buffer.from(await here('/moved'))).toEqual(picture);
    const movedTo = `${origin.replace('localhost', '127.0.0.1')}/picture.png`;
    await expect(here('/away')).rejects.toMatchObject({ code: 'address-refused', details: { movedTo } });
    await expect(here('/down')).rejects.toMatchObject({ code: 'address-refused' });
    await expect(here('/circle')).rejects.toMatchObject({
      code: 'address-unreachable',
      details: { reason: 'too many redirects' },
    });
  });

  test('refuses pages, what is too large, too slow or gone', async () => {
    await expect(here('/page')).rejects.toMatchObject({ code: 'address-refused' });
    await expect(here('/large', { maxBytes: 1_000 })).rejects.toMatchObject({ code: 'image-too-large' });
    await expect(here('/named-large', { maxBytes: 1_000 })).rejects.toMatchObject({ code: 'image-too-large' });
    await expect(here('/slow', { deadlineMs: 200 })).rejects.toMatchObject({ code: 'address-unreachable' });
    await expect(here('/gone')).rejects.toMatchObject({ code: 'address-unreachable', details: { reason: 'status 404' } });
  });

  test('asks no private address, by number or by name', async () => {
    seen = [];
    await expect(fetchPicture(`${origin}/picture.png`, { ca })).rejects.toMatchObject({ code: 'address-refused' });
    const byNumber = fetchPicture(`${origin.replace('localhost', '127.0.0.1')}/a.png`, { ca });
    await expect(byNumber).rejects.toMatchObject({ code: 'address-refused' });
    expect(seen).toEqual([]);
  });

  test('takes https addresses without a password, and a certificate it knows', async () => {
    for (const address of [
      'http://example.com/a.png',
      'file:///etc/passwd',
      'ftp://example.com/a.png',
      'https://a:b@example.com/',
      '/a',
    ])
      await expect(fetchPicture(address)).rejects.toMatchObject({ code: 'address-refused' });
    await expect(fetchPicture(`${origin}/picture.png`, { isAllowed: () => true })).rejects.toMatchObject({
      code: 'address-unreachable',
    });
  });
});

test.each([
  ['93.184.216.34', true],
  ['2606:2800:220:1::1', true],
  ['127.0.0.1', false],
  ['10.1.2.3', false],
  ['172.31.0.1', false],
  ['192.168.1.1', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['0.0.0.0', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['::', false],
  ['fe80::1', false],
  ['fd00::1', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:93.184.216.34', false],
  ['64:ff9b::7f00:1', false],
  ['2002:7f00:1::', false],
  ['ff02::1', false],
  ['example.com', false],
])('%s is public: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});
