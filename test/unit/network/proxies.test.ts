import { describe, expect, it, test } from 'vitest';
import { chooseProxy } from '../../../main/network/choose-proxy.ts';
import { openRequest } from '../../../main/network/open-request.ts';
import type { OutgoingRequest } from '../../../main/network/open-request.ts';
import { certificate, serveHttp, serveHttps, serveProxy } from './local-servers.ts';

/** The certificate is for localhost, which is never asked through a proxy, so the host is named with a name that only the proxy knows. */
const ask = (request: Pick<OutgoingRequest, 'address'> & Partial<OutgoingRequest>, environment: Record<string, string>) =>
  openRequest({ destination: 'named-place', ...request }, { environment, ca: certificate });

describe('a proxy of the environment', () => {
  it('tunnels https, and is told the host and port alone', async () => {
    const origin = await serveHttps((_request, response) => response.end('behind'));
    const proxy = await serveProxy();
    const address = origin.replace('localhost', 'behind.example');
    const environment = { HTTPS_PROXY: proxy.address };
    // The tunnel is there, and whoever answers in it still has to be who it should be.
    await expect(ask({ address }, environment)).rejects.toMatchObject({ details: { reason: 'certificate' } });
    expect(proxy.asked).toEqual([`CONNECT ${new URL(address).host}`]);
  });

  it('is given http requests whole, with the account in its own address and to nobody else', async () => {
    const proxy = await serveProxy({ account: 'me:p@ss' });
    const address = 'http://tool.example:8188/prompt?a=1';
    const known = proxy.address.replace('//', '//me:p%40ss@');
    const answer = await ask({ address }, { http_proxy: known });
    expect(Buffer.from(await answer.bytes()).toString()).toBe('by the proxy');
    expect(proxy.asked).toEqual([`GET ${address}`]);
    expect((await ask({ address }, { HTTP_PROXY: proxy.address })).status).toBe(407);
  });

  it('may itself be spoken to over TLS', async () => {
    const origin = await serveHttps((_request, response) => response.end('behind'));
    const proxy = await serveProxy({ secure: true });
    const address = origin.replace('localhost', 'behind.example');
    await expect(ask({ address }, { HTTPS_PROXY: proxy.address })).rejects.toMatchObject({ details: { reason: 'certificate' } });
    expect(proxy.asked).toEqual([`CONNECT ${new URL(address).host}`]);
  });

  it('is never asked for this machine itself', async () => {
    const secure = await serveHttps((_request, response) => response.end('here'));
    const plain = await serveHttp((_request, response) => response.end('here'));
    const proxy = await serveProxy();
    const environment = { HTTPS_PROXY: proxy.address, HTTP_PROXY: proxy.address };
    for (const address of [secure, secure.replace('localhost', '127.0.0.1'), plain]) {
      expect(Buffer.from(await (await ask({ address }, environment)).bytes()).toString()).toBe('here');
    }
    expect(proxy.asked).toEqual([]);
  });

  it('that wants an account, refuses, is gone, hangs or is of another kind is told as what it is', async () => {
    const address = 'https://hub.example/';
    const reach = async (proxy: string, more: Partial<OutgoingRequest> = {}) =>
      ask({ address, ...more }, { HTTPS_PROXY: proxy }).catch((error: unknown) => error);
    const closed = await serveProxy({ account: 'me:secret' });
    const wrong = (await reach(closed.address.replace('//', '//me:guess@'))) as Error;
    expect(wrong).toMatchObject({ code: 'address-unreachable', details: { reason: 'proxy', status: 407 } });
    expect(JSON.stringify([wrong, wrong.message])).not.toContain('guess');
    const { address: refusing } = await serveProxy({ refuses: 403 });
    expect(await reach(refusing)).toMatchObject({ details: { reason: 'proxy', status: 403 } });
    expect(await reach('127.0.0.1:1')).toMatchObject({ details: { reason: 'proxy', system: 'ECONNREFUSED' } });
    expect(await reach('socks5://127.0.0.1:1')).toMatchObject({ details: { reason: 'proxy' } });
    const { address: silent } = await serveProxy({ silent: true });
    expect(await reach(silent, { limits: { connectMs: 50 } })).toMatchObject({ details: { reason: 'time', phase: 'connect' } });
    const stop = AbortSignal.timeout(50);
    expect(await reach(silent, { signal: stop })).toBe(stop.reason);
  });

  it('does not open the own network to addresses from elsewhere', async () => {
    const proxy = await serveProxy();
    for (const host of ['10.0.0.5', '[fd00::1]', 'printer', 'nas.local', 'db.internal', 'router.lan'])
      await expect(
        ask({ address: `https://${host}/a.png`, destination: 'open-internet' }, { HTTPS_PROXY: proxy.address }),
      ).rejects.toMatchObject({ code: 'address-refused' });
    await expect(
      ask({ address: 'http://tool.example', keyHeaders: { authorization: 'Bearer a' } }, { HTTP_PROXY: proxy.address }),
    ).rejects.toMatchObject({ code: 'address-refused' });
    expect(proxy.asked).toEqual([]);
  });
});

test.each([
  ['https://a.example/', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1/'],
  ['https://a.example/', { https_proxy: 'p:1', HTTPS_PROXY: 'http://q:1' }, 'http://p:1/'],
  ['http://a.example/', { HTTPS_PROXY: 'http://p:1' }, null],
  ['http://a.example/', { http_proxy: 'http://p:1' }, 'http://p:1/'],
  ['https://a.example/', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, null],
  ['https://a.b.example/', { HTTPS_PROXY: 'http://p:1', no_proxy: 'c.example, b.example' }, null],
  ['https://a.b.example/', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '.b.example' }, null],
  ['https://ab.example/', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'b.example' }, 'http://p:1/'],
  ['https://a.example:8443/', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a.example:443' }, 'http://p:1/'],
  ['https://a.example/', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a.example:443' }, null],
  ['http://192.168.1.7:8188/', { HTTP_PROXY: 'http://p:1', NO_PROXY: '192.168.0.0/16' }, null],
  ['http://192.168.1.7:8188/', { HTTP_PROXY: 'http://p:1', NO_PROXY: '10.0.0.0/8,192.168.1' }, 'http://p:1/'],
  ['http://[fd00::1]/', { HTTP_PROXY: 'http://p:1', NO_PROXY: 'fd00::/8' }, null],
  ['http://127.0.0.1:8188/', { HTTP_PROXY: 'http://p:1' }, null],
  ['http://[::1]:8188/', { HTTP_PROXY: 'http://p:1' }, null],
  ['http://comfy.localhost/', { HTTP_PROXY: 'http://p:1' }, null],
])('%s with %o goes through %s', (address, environment, expected) => {
  expect(chooseProxy(new URL(address), environment)?.href ?? null).toBe(expected);
});
