import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { UpdateFile } from '../../../contract/updates.ts';
import { UpdateFeed } from '../../../main/downloads/update-feed.ts';
import { etagOf, firstByteOf, sendFile } from '../../helpers/hub-server.ts';
import { serveHttp, serveHttps } from '../network/local-servers.ts';
import { openTestNetwork } from '../network/open-test-network.ts';
import { makeBytes, makeFolder } from './fetch-test-files.ts';

const program = makeBytes(300_000, 7);
const sha512 = createHash('sha512').update(program).digest('base64');
const at = (origin: string): UpdateFile => ({
  address: `${origin}/studio-0.2.0.AppImage`,
  bytes: program.byteLength,
  sha512,
});

async function openFeed(origin: string) {
  const { network } = await openTestNetwork();
  await network.consents.allow({ origin, purpose: 'update', sends: ['address'], keeps: ['program'], shown: 'test' });
  const folder = join(await makeFolder(), 'incoming');
  let now = 0;
  return { feed: new UpdateFeed({ network, folder, clock: () => (now += 10) }), folder, network };
}

const quietly = {
  signal: new AbortController().signal,
  onProgress: () => undefined,
  pause: () => Promise.resolve(),
};

/** Gives the program from the byte asked for on; `cutAfter` bytes of each answer only. */
const giveProgram =
  (
    asked: { readonly from: number; readonly headers: IncomingHttpHeaders }[],
    cutAfter = Infinity,
    bytes = program,
  ): RequestListener =>
  (request, response) => {
    const from = firstByteOf(request, etagOf(bytes));
    asked.push({ from, headers: request.headers });
    if (bytes.byteLength - from <= cutAfter) {
      sendFile({ response, bytes, from });
      return;
    }
    const part = { 'content-range': `bytes ${from}-${bytes.byteLength - 1}/${bytes.byteLength}` };
    const headers = { etag: etagOf(bytes), 'content-length': bytes.byteLength - from };
    response.writeHead(from > 0 ? 206 : 200, from > 0 ? { ...headers, ...part } : headers);
    response.write(bytes.subarray(from, from + cutAfter), () => response.destroy());
  };

it('asks nobody before a person has agreed, and then sends nothing but the request', async () => {
  const asked: IncomingHttpHeaders[] = [];
  const origin = await serveHttp((request, response) => {
    asked.push(request.headers);
    response.end('version: 0.2.0\n');
  });
  const { network } = await openTestNetwork();
  const feed = new UpdateFeed({ network, folder: null, clock: Date.now });
  const read = () => feed.read(`${origin}/latest-linux.yml`, undefined);
  await expect(read()).rejects.toMatchObject({ code: 'consent-needed', details: { origin, purpose: 'update' } });
  expect(asked).toEqual([]);
  await network.consents.allow({ origin, purpose: 'update', sends: ['address'], keeps: ['program'], shown: 'test' });
  expect(await read()).toBe('version: 0.2.0\n');
  expect(Object.keys(asked[0] ?? {}).sort()).toEqual(['accept', 'connection', 'host', 'user-agent']);
  expect(asked[0]?.['user-agent']).toBe('De-Diffusion-Studio');
});

it('says that a place has no such file, or is not there', async () => {
  const origin = await serveHttp((_request, response) => response.writeHead(404).end());
  const { feed } = await openFeed(origin);
  const refused = { code: 'download-refused', details: { reason: 'missing' } };
  await expect(feed.read(`${origin}/latest-linux.yml`, undefined)).rejects.toMatchObject(refused);
  await expect(feed.fetch(at(origin), quietly)).rejects.toMatchObject(refused);
  const nobody = 'http://127.0.0.1:9';
  const { feed: away } = await openFeed(nobody);
  await expect(away.read(`${nobody}/latest-linux.yml`, undefined)).rejects.toMatchObject({ code: 'address-unreachable' });
});

it('takes no program over plain http from another machine', async () => {
  const { feed, network } = await openFeed('http://updates.example');
  await expect(feed.read('http://updates.example/latest.yml', undefined)).rejects.toMatchObject({
    code: 'address-refused',
    message: 'updates.example offers updates without encryption.',
  });
  expect(network.report().sent).toEqual([]);
});

it('brings a file over https, by the sum of its place', async () => {
  const origin = await serveHttps(giveProgram([]));
  const { feed, folder } = await openFeed(origin);
  const done: number[] = [];
  const path = await feed.fetch(at(origin), { ...quietly, onProgress: ({ doneBytes }) => done.push(doneBytes) });
  expect(path).toBe(join(folder, 'studio-0.2.0.AppImage'));
  expect(Buffer.compare(await readFile(path), program)).toBe(0);
  expect(done.at(-1)).toBe(program.byteLength);
});

it('goes on where it was cut off, and where it was stopped, without a byte twice', async () => {
  const asked: { readonly from: number; readonly headers: IncomingHttpHeaders }[] = [];
  const origin = await serveHttp(giveProgram(asked, 120_000));
  const { feed, folder } = await openFeed(origin);
  const stop = new AbortController();
  const stopEarly = ({ doneBytes }: { readonly doneBytes: number }) => {
    if (doneBytes >= 120_000) stop.abort(new Error('stopped'));
  };
  await expect(feed.fetch(at(origin), { ...quietly, signal: stop.signal, onProgress: stopEarly })).rejects.toThrow('stopped');
  expect((await readdir(folder)).sort()).toEqual(['studio-0.2.0.AppImage.part', 'studio-0.2.0.AppImage.part.json']);
  const kept = (await readFile(join(folder, 'studio-0.2.0.AppImage.part'))).byteLength;
  const path = await feed.fetch(at(origin), quietly);
  expect(Buffer.compare(await readFile(path), program)).toBe(0);
  expect(asked[1]?.from).toBe(kept);
  expect(asked.map(({ from }) => from)).toEqual([...new Set(asked.map(({ from }) => from))]);
});

it('takes nothing with another sum, and forgets what it had of it', async () => {
  const origin = await serveHttp(giveProgram([], Infinity, makeBytes(300_000, 8)));
  const { feed, folder } = await openFeed(origin);
  await expect(feed.fetch(at(origin), quietly)).rejects.toMatchObject({
    code: 'download-damaged',
    message: 'The update studio-0.2.0.AppImage is not what its place says it is.',
  });
  expect(await readdir(folder)).not.toContain('studio-0.2.0.AppImage');
});

it('takes no half file from a place that never gives the rest', async () => {
  const origin = await serveHttp((_request, response) => {
    response.writeHead(200, { 'content-length': program.byteLength });
    response.write(program.subarray(0, 150_000), () => response.destroy());
  });
  const { feed, folder } = await openFeed(origin);
  await expect(feed.fetch(at(origin), quietly)).rejects.toMatchObject({ code: 'address-unreachable' });
  expect(await readdir(folder)).not.toContain('studio-0.2.0.AppImage');
});

it('does not trust a file that lies there, and keeps nothing of another version', async () => {
  const origin = await serveHttp(giveProgram([]));
  const { feed, folder } = await openFeed(origin);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'studio-0.1.9.AppImage.part'), 'of an earlier one');
  await writeFile(join(folder, 'studio-0.2.0.AppImage'), makeBytes(300_000, 9));
  expect(Buffer.compare(await readFile(await feed.fetch(at(origin), quietly)), program)).toBe(0);
  expect(await readdir(folder)).toEqual(['studio-0.2.0.AppImage']);
});

it.each(['..%5csecrets', '%zz', '', '.hidden'])('takes no name that is none: %j', async (name) => {
  const origin = 'https://updates.example';
  const { feed } = await openFeed(origin);
  await expect(feed.fetch({ ...at(origin), address: `${origin}/${name}` }, quietly)).rejects.toMatchObject({
    code: 'address-refused',
  });
});
