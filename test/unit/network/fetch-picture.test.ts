import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, test } from 'vitest';
import { fetchPicture } from '../../../main/network/fetch-picture.ts';
import type { FetchPictureOptions } from '../../../main/network/fetch-picture.ts';
import type { NetworkOptions } from '../../../main/network/network.ts';
import { isPublicAddress } from '../../../main/network/is-public-address.ts';
import { exampleCertificate, serveHttps, servePicturesExample, serveProxy } from './local-servers.ts';
import { openTestNetwork } from './open-test-network.ts';

const picture = Buffer.from('89504e470d0a1a0a', 'hex');

async function open(surroundings: Partial<NetworkOptions['surroundings']> = { isPublic: () => true }) {
  const seen: IncomingHttpHeaders[] = [];
  const origin: string = await serveHttps((request, response) => {
    seen.push(request.headers);
    const moves: Record<string, string> = {
      '/moved': '/picture.png',
      '/circle': '/circle',
      '/away': `${origin.replace('localhost', '127.0.0.1')}/picture.png`,
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
  const { network } = await openTestNetwork(surroundings);
  const here = (path: string, more?: FetchPictureOptions) => fetchPicture(network, `${origin}${path}`, more);
  return { here, seen, origin, network };
}

describe('fetching a picture from the web', () => {
  test('brings the bytes, and tells the host nothing of this machine', async () => {
    const { here, seen } = await open();
    expect(Buffer.from(await here('/picture.png'))).toEqual(picture);
    expect(Object.keys(seen[0] ?? {}).sort()).toEqual(['accept', 'connection', 'host', 'user-agent']);
  });

  test('is an act and its own consent: nothing has to be agreed to before, nothing is remembered, and it is in the report', async () => {
    const { here, network, origin } = await open();
    await here('/picture.png');
    const { consents, sent } = network.report();
    expect(consents).toEqual([]);
    expect(sent).toMatchObject([{ origin, purpose: 'picture', requests: 1 }]);
    expect(sent[0]?.receivedBytes).toBeGreaterThan(picture.length);
    expect(JSON.stringify(sent)).not.toContain('picture.png');
  });

  test('follows a redirect within the host, and names another host instead of asking it', async () => {
    const { here, origin } = await open();
    expect(Buffer.from(await here('/moved'))).toEqual(picture);
    const movedTo = `${origin.replace('localhost', '127.0.0.1')}/picture.png`;
    await expect(here('/away')).rejects.toMatchObject({ code: 'address-refused', details: { movedTo } });
    await expect(here('/down')).rejects.toMatchObject({ code: 'address-refused' });
    await expect(here('/circle')).rejects.toMatchObject({ code: 'address-unreachable', details: { reason: 'redirects' } });
  });

  test('refuses pages, what is too large, too slow or gone', async () => {
    const { here } = await open();
    await expect(here('/page')).rejects.toMatchObject({ code: 'address-refused' });
    await expect(here('/large', { maxBytes: 1_000 })).rejects.toMatchObject({ code: 'image-too-large' });
    await expect(here('/named-large', { maxBytes: 1_000 })).rejects.toMatchObject({ code: 'image-too-large' });
    await expect(here('/slow', { deadlineMs: 200 })).rejects.toMatchObject({ code: 'address-unreachable' });
    await expect(here('/gone')).rejects.toMatchObject({ code: 'address-unreachable', details: { status: 404 } });
  });

  test('asks no private address, by number or by name', async () => {
    const { here, seen, network, origin } = await open({});
    await expect(here('/picture.png')).rejects.toMatchObject({ code: 'address-refused' });
    const byNumber = fetchPicture(network, `${origin.replace('localhost', '127.0.0.1')}/a.png`);
    await expect(byNumber).rejects.toMatchObject({ code: 'address-refused' });
    expect(seen).toEqual([]);
  });

  test('takes https addresses without a password, and a certificate it knows', async () => {
    const { here, network } = await open({ isPublic: () => true, ca: undefined });
    for (const address of [
      'http://example.com/a.png',
      'file:///etc/passwd',
      'ftp://example.com/a.png',
      'https://a:b@example.com/',
      '/a',
    ])
      await expect(fetchPicture(network, address)).rejects.toMatchObject({ code: 'address-refused' });
    await expect(here('/picture.png')).rejects.toMatchObject({ code: 'address-unreachable' });
  });

  test('uses the proxy of HTTPS_PROXY, and no way around it', async () => {
    const proxy = await serveProxy();
    const address = `${await servePicturesExample((_request, response) => response.end(picture))}/a.png`;
    const surroundings = { ca: exampleCertificate, environment: { HTTPS_PROXY: proxy.address } };
    const { network } = await openTestNetwork(surroundings);
    expect(Buffer.from(await fetchPicture(network, address))).toEqual(picture);
    expect(proxy.asked).toEqual([`CONNECT ${new URL(address).host}`]);
    const around = await openTestNetwork({ ...surroundings, environment: { ...surroundings.environment, NO_PROXY: '.example' } });
    await expect(fetchPicture(around.network, address)).rejects.toMatchObject({ details: { reason: 'name' } });
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
