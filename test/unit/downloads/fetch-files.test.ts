import { chmod, lstat, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { copiesInCache } from '../../../main/downloads/shared-cache.ts';
import { etagOf, hubServer, sendFile } from '../../helpers/hub-server.ts';
import type { FileQuestion } from '../../helpers/hub-server.ts';
import { serveHttp, serveHttps } from '../network/local-servers.ts';
import { fetchAll, makeBytes, makeFolder, openTestHub, small } from './fetch-test-files.ts';

const MODEL = 'onnx/model.onnx';
const modelBytes = small.files.get(MODEL) ?? new Uint8Array();
const allBytes = [...small.files.values()].reduce((sum, bytes) => sum + bytes.byteLength, 0);

/** Says that so many bytes come, sends as many as it likes, and breaks off. */
function breakOff({ response, bytes, from }: FileQuestion, sent: number): void {
  const headers = { etag: etagOf(bytes), 'content-length': bytes.byteLength - from };
  const part = { 'content-range': `bytes ${from}-${bytes.byteLength - 1}/${bytes.byteLength}` };
  response.writeHead(from > 0 ? 206 : 200, from > 0 ? { ...headers, ...part } : headers);
  response.write(bytes.subarray(from, from + sent), () => response.destroy());
}

async function expectWhole(folder: string): Promise<void> {
  for (const [path, bytes] of small.files) expect(Buffer.compare(await readFile(join(folder, path)), bytes)).toBe(0);
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  expect(names).toHaveLength(small.files.size);
}

it('brings every file whole, names with spaces and empty ones too', async () => {
  const { hub } = await openTestHub(await serveHttp(hubServer([small]).listener));
  const folder = await makeFolder();
  const seen: number[] = [];
  const report = await fetchAll(hub, 'org/small', folder, { onBytes: (done) => seen.push(done) });
  expect(report).toEqual({ fetchedBytes: allBytes, droppedBytes: 0, takenBytes: 0 });
  expect(seen.at(-1)).toBe(allBytes);
  await expectWhole(folder);
  // A second time there is nothing to do.
  expect(await fetchAll(hub, 'org/small', folder)).toEqual({ fetchedBytes: 0, droppedBytes: 0, takenBytes: 0 });
});

it('goes on where a host broke off, without a byte twice', async () => {
  const server = hubServer([small], (question) => {
    if (question.path !== MODEL || question.from > 250_000) return false;
    breakOff(question, 70_000);
    return true;
  });
  const { hub } = await openTestHub(await serveHttp(server.listener));
  const folder = await makeFolder();
  const waits: number[] = [];
  const report = await fetchAll(hub, 'org/small', folder, { waits });
  expect(report).toEqual({ fetchedBytes: allBytes, droppedBytes: 0, takenBytes: 0 });
  expect(server.asked.filter(({ path }) => path.endsWith(MODEL)).length).toBeGreaterThan(3);
  expect(waits.length).toBeGreaterThan(2);
  await expectWhole(folder);
});

it('goes on after it was stopped, in another start', async () => {
  const server = hubServer([small], ({ path, response, bytes, number }) => {
    if (path !== MODEL || number > 0) return false;
    // The rest is long in coming.
    response.writeHead(200, { etag: etagOf(bytes), 'content-length': bytes.byteLength }).write(bytes.subarray(0, 150_000));
    return true;
  });
  const { hub } = await openTestHub(await serveHttp(server.listener));
  const folder = await makeFolder();
  const stop = new AbortController();
  const stopped = fetchAll(hub, 'org/small', folder, { signal: stop.signal, onBytes: (done) => done > 90_000 && stop.abort() });
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  const kept = (await stat(join(folder, `${MODEL}.part`))).size;
  expect(kept).toBeGreaterThan(0);
  await fetchAll(hub, 'org/small', folder);
  expect(server.asked.filter(({ path }) => path.endsWith(MODEL)).at(-1)?.from).toBe(kept);
  await expectWhole(folder);
});

it('drops what it has when the host has another file by then, and says so when that one is wrong', async () => {
  const other = makeBytes(300_000, 9);
  const server = hubServer([small], (question) => {
    if (question.path !== MODEL) return false;
    if (question.number === 0) breakOff(question, 100_000);
    else {
      // If-Range names the first one's mark, so this comes whole.
      expect(question.request.headers['if-range']).toBe(etagOf(modelBytes));
      sendFile({ response: question.response, bytes: other, from: 0 });
    }
    return true;
  });
  const { hub } = await openTestHub(await serveHttp(server.listener));
  const folder = await makeFolder();
  await expect(fetchAll(hub, 'org/small', folder)).rejects.toMatchObject({ code: 'download-damaged', details: { path: MODEL } });
  await expect(stat(join(folder, MODEL))).rejects.toMatchObject({ code: 'ENOENT' });
});

it('begins a file anew that was put together wrongly, and takes it then', async () => {
  const server = hubServer([small], (question) => {
    if (question.path !== MODEL || question.number > 0) return false;
    // Half of it is of another file, and no mark tells.
    const { response, bytes } = question;
    response.writeHead(200, { 'content-length': bytes.byteLength });
    response.write(makeBytes(100_000, 9), () => response.destroy());
    return true;
  });
  const { hub } = await openTestHub(await serveHttp(server.listener));
  const folder = await makeFolder();
  const report = await fetchAll(hub, 'org/small', folder);
  expect(report.droppedBytes).toBe(300_000);
  expect(report.fetchedBytes).toBe(allBytes + 300_000);
  await expectWhole(folder);
});

it.each([
  ['longer', new Uint8Array([...modelBytes, 1, 2, 3])],
  ['shorter', modelBytes.subarray(0, 200_000)],
  ['other', makeBytes(300_000, 5)],
])('never takes a file that is %s than its repository says', async (_name, bytes) => {
  const server = hubServer([small], ({ path, response }) => {
    if (path !== MODEL) return false;
    response.writeHead(200, { 'content-length': bytes.byteLength }).end(bytes);
    return true;
  });
  const { hub } = await openTestHub(await serveHttp(server.listener));
  const folder = await makeFolder();
  await expect(fetchAll(hub, 'org/small', folder)).rejects.toMatchObject({ code: 'download-damaged' });
  await expect(stat(join(folder, MODEL))).rejects.toMatchObject({ code: 'ENOENT' });
});

it('waits as long as a host asks that was asked too often, and no longer than five minutes', async () => {
  const limit = (seconds: number) =>
    hubServer([small], ({ path, response, number }) => {
      if (path !== MODEL || number > 1) return false;
      response.writeHead(429, { ratelimit: `"resolvers";r=0;t=${seconds}` }).end();
      return true;
    });
  const waits: number[] = [];
  const folder = await makeFolder();
  await fetchAll((await openTestHub(await serveHttp(limit(42).listener))).hub, 'org/small', folder, { waits });
  expect(waits).toEqual([42_000, 42_000]);
  await expectWhole(folder);
  const strict = (await openTestHub(await serveHttp(limit(4000).listener))).hub;
  const failure = { code: 'download-refused', details: { reason: 'limited' } };
  await expect(fetchAll(strict, 'org/small', await makeFolder())).rejects.toMatchObject(failure);
});

it('follows the hub to another host without the key, and asks the hub again when that address has run out', async () => {
  let isOut = true;
  const keys: (string | undefined)[] = [];
  const store = await serveHttps((request, response) => {
    keys.push(request.headers.authorization);
    if (isOut) response.writeHead(403).end();
    else sendFile({ response, bytes: modelBytes, from: 0 });
    isOut = false;
  });
  const server = hubServer([small], ({ path, response }) => {
    if (path !== MODEL) return false;
    response.writeHead(302, { location: `${store}/signed` }).end();
    return true;
  });
  const surroundings = { environment: { HF_TOKEN: 'hf_secret_token' }, isPublic: () => true };
  // A key goes over plain http to one's own machine alone, so the hub here is one of https.
  const origin = await serveHttps(server.listener);
  const { hub } = await openTestHub(origin, surroundings);
  const folder = await makeFolder();
  await fetchAll(hub, 'org/small', folder);
  await expectWhole(folder);
  expect(keys).toEqual([undefined, undefined]);
  expect(server.asked.every(({ authorization }) => authorization === 'Bearer hf_secret_token')).toBe(true);
});

it('takes files from the shared cache, links within it followed, and those it cannot trust from the hub', async () => {
  const server = hubServer([small]);
  const { hub } = await openTestHub(await serveHttp(server.listener));
  const { cacheFolder } = hub.places;
  const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  const blobs = join(cacheFolder, 'models--org--small', 'blobs');
  await mkdir(blobs, { recursive: true });
  await mkdir(join(cacheFolder, 'blobs'));
  // The store of 2026: a repository's blob is a link into it, and what lies there may not be written.
  await writeFile(join(cacheFolder, 'blobs', 'x'), modelBytes);
  await chmod(join(cacheFolder, 'blobs', 'x'), 0o444);
  await symlink(join('..', '..', 'blobs', 'x'), join(blobs, sha256(modelBytes)));
  // Right in size and wrong in content.
  const text = small.files.get('onnx/text model.onnx') ?? new Uint8Array();
  await writeFile(join(blobs, sha256(text)), makeBytes(text.byteLength, 7));
  const folder = await makeFolder();
  const copies = [{ find: copiesInCache(cacheFolder, 'org/small', small.commit), within: cacheFolder }];
  const report = await fetchAll(hub, 'org/small', folder, { copies });
  expect(report).toMatchObject({ takenBytes: modelBytes.byteLength, fetchedBytes: allBytes - modelBytes.byteLength });
  await expectWhole(folder);
  const taken = await lstat(join(folder, MODEL));
  expect(taken.isFile()).toBe(true);
  expect(taken.ino).toBe((await stat(join(cacheFolder, 'blobs', 'x'))).ino);
});

it('follows no link out of the shared cache', async () => {
  const { hub } = await openTestHub(await serveHttp(hubServer([small]).listener));
  const { cacheFolder } = hub.places;
  const outside = join(await makeFolder(), 'outside');
  await writeFile(outside, modelBytes);
  const snapshot = join(cacheFolder, 'models--org--small', 'snapshots', small.commit, 'onnx');
  await mkdir(snapshot, { recursive: true });
  await symlink(outside, join(snapshot, 'model.onnx'));
  const copies = [{ find: copiesInCache(cacheFolder, 'org/small', small.commit), within: cacheFolder }];
  expect(await fetchAll(hub, 'org/small', await makeFolder(), { copies })).toMatchObject({ takenBytes: 0 });
});
