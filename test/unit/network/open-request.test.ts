import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Surroundings } from '../../../main/network/open-connection.ts';
import { openRequest } from '../../../main/network/open-request.ts';
import type { OutgoingRequest } from '../../../main/network/open-request.ts';
import type { TimeLimits } from '../../../main/network/time-limits.ts';
import { certificate, serveHttp, serveHttps, serveSocket } from './local-servers.ts';

const ask = (request: Partial<OutgoingRequest> & Pick<OutgoingRequest, 'address'>, around: Partial<Surroundings> = {}) =>
  openRequest({ destination: 'named-place', ...request }, { environment: {}, ca: certificate, ...around });
const failure = (request: Partial<OutgoingRequest> & Pick<OutgoingRequest, 'address'>, around: Partial<Surroundings> = {}) =>
  ask(request, around).then(
    async (answer) => {
      await answer.bytes();
      throw new Error('nothing failed');
    },
    (error: unknown) => error,
  );

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('what is sent', () => {
  it('reaches a place on this machine with method, headers and each kind of body', async () => {
    const seen: { method: string | undefined; headers: IncomingHttpHeaders; body: string }[] = [];
    const origin = await serveHttp((request, response) => {
      void readAll(request).then((body) => {
        seen.push({ method: request.method, headers: request.headers, body: body.toString('latin1') });
        response.writeHead(201, { 'content-type': 'application/json' }).end('{"done":true}');
      });
    });
    const json = await ask({ address: `${origin}/v1`, method: 'POST', body: { type: 'json', value: { text: 'ä' } } });
    expect(json.status).toBe(201);
    expect(await json.json()).toEqual({ done: true });
    expect(seen[0]).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json', 'content-length': '13' } });

    const form = new FormData();
    form.set('image', new Blob([new Uint8Array([1, 2, 3])], { type: 'image/png' }), 'a.png');
    await (await ask({ address: origin, method: 'POST', body: { type: 'multipart', form } })).bytes();
    expect(seen[1]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(seen[1]?.headers['content-length']).toBe(String(seen[1]?.body.length));
    expect(seen[1]?.body).toContain('name="image"; filename="a.png"');

    const stream = (async function* () {
      for (let piece = 0; piece < 40; piece += 1) yield await Promise.resolve(new Uint8Array(100_000).fill(piece));
    })();
    const body = { type: 'stream', stream, mediaType: 'application/octet-stream', length: null } as const;
    await (await ask({ address: origin, method: 'PUT', headers: { 'x-of': 'ours' }, body })).bytes();
    expect(seen[2]).toMatchObject({ method: 'PUT', headers: { 'transfer-encoding': 'chunked', 'x-of': 'ours' } });
    expect(seen[2]?.body).toHaveLength(4_000_000);
  });

  it('ends early when the host answers before it has heard everything', async () => {
    const origin = await serveHttp((_request, response) => response.writeHead(413, { connection: 'close' }).end('too much'));
    let given = 0;
    const stream = (async function* () {
      for (; given < 10_000; given += 1) yield await Promise.resolve(new Uint8Array(100_000));
    })();
    const body = { type: 'stream', stream, mediaType: 'a/b', length: null } as const;
    const answer = await ask({ address: origin, method: 'POST', body });
    expect(answer.status).toBe(413);
    answer.close();
    expect(given).toBeLessThan(10_000);
  });
});

describe('what comes back', () => {
  const file = randomBytes(3_000_000);

  it('comes piece by piece, and goes on where a download was cut off', async () => {
    const origin = await serveHttp((request, response) => {
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const isSame = request.headers['if-range'] === undefined || request.headers['if-range'] === '"1"';
      if (request.url === '/wrong') response.writeHead(206, { 'content-range': 'bytes 5-9/10' }).end('five!');
      else if (from > 0 && isSame)
        response.writeHead(206, { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` }).end(file.subarray(from));
      else response.writeHead(200, { etag: '"1"' }).end(file);
    });
    const first = await ask({ address: origin });
    const pieces: Uint8Array[] = [];
    for await (const piece of first.pieces()) {
      pieces.push(piece);
      if (pieces.length === 3) break;
    }
    const had = Buffer.concat(pieces);
    const rest = await ask({ address: origin, range: { from: had.length, etag: String(first.headers.etag) } });
    expect(rest.from).toBe(had.length);
    const whole = Buffer.concat([had, await rest.bytes()]);
    expect(createHash('sha256').update(whole).digest('hex')).toBe(createHash('sha256').update(file).digest('hex'));

    const other = await ask({ address: origin, range: { from: had.length, etag: '"2"' } });
    expect([other.status, other.from]).toEqual([200, 0]);
    other.close();
    expect(await failure({ address: `${origin}/wrong`, range: { from: 7, etag: null } })).toMatchObject({
      code: 'address-unreachable',
    });
  });

  it('is bounded, whether its length was said or not', async () => {
    const origin = await serveHttp((request, response) => {
      if (request.url === '/said') response.writeHead(200, { 'content-length': '999999' }).flushHeaders();
      else response.end(file);
    });
    for (const path of ['/said', '/unsaid']) {
      const answer = await ask({ address: origin + path, maxBytes: 500_000 });
      await expect(answer.bytes()).rejects.toMatchObject({ code: 'answer-too-large', details: { maxBytes: 500_000 } });
    }
  });

  it('is told as unreadable or cut off when it is', async () => {
    const origin = await serveHttp((request, response) => {
      if (request.url === '/html') response.end('<p>');
      else {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => response.destroy());
      }
    });
    await expect((await ask({ address: `${origin}/html` })).json()).rejects.toMatchObject({ code: 'answer-unreadable' });
    await expect((await ask({ address: `${origin}/half` })).bytes()).rejects.toMatchObject({
      code: 'address-unreachable',
      details: { reason: 'cut-off' },
    });
  });
});

describe('redirects', () => {
  const serve = async () => {
    const seen: { origin: string; headers: IncomingHttpHeaders; method: string | undefined }[] = [];
    const other = await serveHttps((request, response) => {
      seen.push({ origin: 'other', headers: request.headers, method: request.method });
      response.end('from the other');
    });
    const origin = await serveHttps((request, response) => {
      seen.push({ origin: 'first', headers: request.headers, method: request.method });
      const path = request.url ?? '';
      if (path === '/away') response.writeHead(302, { location: `${other}/file` }).end();
      else if (path === '/same') response.writeHead(308, { location: '/end' }).end();
      else if (path === '/see') response.writeHead(303, { location: '/end' }).end();
      else if (path === '/kept-away') response.writeHead(307, { location: other }).end();
      else if (path === '/circle') response.writeHead(302, { location: '/circle' }).end();
      else response.end('end');
    });
    return { origin, other, seen };
  };
  const key = { keyHeaders: { authorization: 'Bearer abc' }, headers: { cookie: 'a=b', 'x-own': 'c' } };
  const body = { type: 'json', value: 1 } as const;

  it('keep everything within the origin, and nothing secret elsewhere', async () => {
    const { origin, other, seen } = await serve();
    expect(Buffer.from(await (await ask({ address: `${origin}/same`, method: 'POST', body, ...key })).bytes()).toString()).toBe(
      'end',
    );
    expect(seen[1]).toMatchObject({ method: 'POST', headers: { authorization: 'Bearer abc', cookie: 'a=b' } });
    const around = { isPublic: () => true };
    const answer = await ask({ address: `${origin}/away`, redirects: 'anywhere', ...key }, around);
    expect(answer.url.origin).toBe(other);
    await answer.bytes();
    expect(Object.keys(seen[3]?.headers ?? {}).sort()).toEqual(['accept', 'connection', 'host', 'user-agent']);
    await (await ask({ address: `${origin}/see`, method: 'POST', body })).bytes();
    expect(seen[5]).toMatchObject({ method: 'GET' });
    expect(seen[5]?.headers['content-type']).toBeUndefined();
  });

  it('are not followed where the policy, the address or the body does not allow it', async () => {
    const { origin, other, seen } = await serve();
    const movedTo = `${other}/file`;
    expect(await failure({ address: `${origin}/away` })).toMatchObject({ code: 'address-refused', details: { movedTo } });
    // A server may not send the studio into the own network, even where a person named that server.
    expect(await failure({ address: `${origin}/away`, redirects: 'anywhere' })).toMatchObject({ code: 'address-refused' });
    const posted = { address: `${origin}/kept-away`, method: 'POST', body, redirects: 'anywhere' } as const;
    expect(await failure(posted, { isPublic: () => true })).toMatchObject({ code: 'address-refused' });
    expect(await failure({ address: `${origin}/circle` })).toMatchObject({ details: { reason: 'redirects' } });
    expect(seen.filter((one) => one.origin === 'other')).toEqual([]);
    const untouched = await ask({ address: `${origin}/away`, redirects: 'none' });
    expect(untouched.status).toBe(302);
    untouched.close();
  });
});

describe('addresses', () => {
  it('from elsewhere are https and public, by number and by name', async () => {
    const origin = await serveHttps((_request, response) => response.end());
    const elsewhere = 'open-internet' as const;
    for (const address of [origin, origin.replace('localhost', '127.0.0.1'), 'https://[::1]/', 'http://example.com/', 'ftp://x/'])
      expect(await failure({ address, destination: elsewhere })).toMatchObject({ code: 'address-refused' });
    expect(await failure({ address: 'https://a:b@example.com/' })).toMatchObject({ code: 'address-refused' });
  });

  it('carry no key unencrypted but within the own network', async () => {
    let asked = 0;
    const origin = await serveHttp((_request, response) => response.end(`${(asked += 1)}`));
    const keyHeaders = { authorization: 'Bearer abc' };
    await (await ask({ address: origin, keyHeaders })).bytes();
    const open = { isPublic: () => true };
    expect(await failure({ address: origin, keyHeaders }, open)).toMatchObject({ code: 'address-refused' });
    const byName = origin.replace('127.0.0.1', 'localhost');
    expect(await failure({ address: byName, keyHeaders }, open)).toMatchObject({ code: 'address-refused' });
    expect(asked).toBe(1);
  });
});

describe('what goes wrong is told as what it is:', () => {
  it('nothing answers, no such name, no trusted certificate, no http', async () => {
    const secure = await serveHttps((_request, response) => response.end());
    const odd = await serveSocket((socket) => socket.end('SSH-2.0-x\r\n'));
    const plain = await serveHttp((_request, response) => response.end());
    const reasons: [string, string][] = [
      ['http://127.0.0.1:1', 'refused'],
      ['http://no-such-name.invalid', 'name'],
      [odd, 'not-http'],
      [plain.replace('http:', 'https:'), 'not-http'],
    ];
    for (const [address, reason] of reasons)
      expect(await failure({ address }), address).toMatchObject({ code: 'address-unreachable', details: { reason } });
    const untrusted = await failure({ address: secure }, { ca: undefined });
    expect(untrusted).toMatchObject({ code: 'address-unreachable', details: { reason: 'certificate' } });
  });

  it('time, in each phase', async () => {
    const silent = await serveSocket(() => undefined);
    const slow = await serveHttp((_request, response) => {
      response.writeHead(200);
      response.write('a');
    });
    const within = (address: string, limits: TimeLimits) =>
      ask({ address, limits })
        .then((answer) => answer.bytes())
        .catch((error: unknown) => error);
    const late = (phase: string): unknown =>
      expect.objectContaining({ details: expect.objectContaining({ reason: 'time', phase }) as unknown });
    expect(await within(silent.replace('http:', 'https:'), { connectMs: 50 })).toEqual(late('connect'));
    expect(await within(silent, { firstByteMs: 50 })).toEqual(late('first-byte'));
    expect(await within(slow, { idleMs: 50 })).toEqual(late('idle'));
    expect(await within(slow, { totalMs: 80 })).toEqual(late('total'));
  });

  it('the caller’s own end is the caller’s own reason, at any moment', async () => {
    let leave = (): void => undefined;
    const silent = await serveSocket(() => leave());
    const slow = await serveHttp((_request, response) => {
      response.writeHead(200);
      response.write('a');
    });
    const reason = new Error('enough');
    const leaving = (): AbortSignal => {
      const controller = new AbortController();
      leave = () => controller.abort(reason);
      return controller.signal;
    };
    await expect(ask({ address: silent, signal: leaving() })).rejects.toBe(reason);
    await expect(ask({ address: silent.replace('http:', 'https:'), signal: leaving() })).rejects.toBe(reason);
    const bytes = (await ask({ address: slow, signal: leaving() })).bytes();
    leave();
    await expect(bytes).rejects.toBe(reason);
    await expect(ask({ address: slow, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
