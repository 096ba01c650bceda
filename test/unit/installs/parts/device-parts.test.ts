import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DeviceParts } from '../../../../main/installs/parts/device-parts.ts';
import type { DevicePartsOptions, PartsBringing } from '../../../../main/installs/parts/device-parts.ts';
import type { PartsList } from '../../../../main/installs/parts/read-parts-list.ts';
import { readPartsList } from '../../../../main/installs/parts/read-parts-list.ts';
import { readVersions } from '../../../../main/services/read-versions.ts';
import { etagOf, firstByteOf, sendFile } from '../../../helpers/hub-server.ts';
import { makeBytes, makeFolder } from '../../downloads/fetch-test-files.ts';
import { serveHttp } from '../../network/local-servers.ts';
import { openTestNetwork } from '../../network/open-test-network.ts';
import { makeWheel } from '../../../helpers/make-wheel.ts';

const provider = makeBytes(300_000, 3);
const maths = new Uint8Array(200_000);
const wheels = {
  'runtime.whl': makeWheel([
    { path: 'capi/readme.txt', bytes: new TextEncoder().encode('not wanted'), packed: false },
    { path: 'capi/libprovider.so', bytes: provider, packed: false },
  ]),
  'maths.whl': makeWheel([{ path: 'lib/libmaths.so.13', bytes: maths, packed: true }]),
};
const licence = (name: string) => ({ name, page: 'https://licences.example/' });

function listFor(origin: string): PartsList {
  const part = (name: keyof typeof wheels, path: string, bytes: number) => ({
    ...{ name, version: '1', licence: licence(`of ${name}`), address: `${origin}/files/${name}`, bytes: wheels[name].length },
    sha256: createHash('sha256').update(wheels[name]).digest('hex'),
    files: [{ path, bytes }],
  });
  return {
    ...{ onnxruntime: '1.2.3', device: 'cuda', platform: 'linux', arch: 'x64', driver: '580', origin },
    parts: [part('runtime.whl', 'capi/libprovider.so', provider.length), part('maths.whl', 'lib/libmaths.so.13', maths.length)],
  };
}

const wholeBytes = wheels['runtime.whl'].length + wheels['maths.whl'].length;
const agreed = { bytes: wholeBytes, licences: ['of runtime.whl', 'of maths.whl'] };

async function openParts(origin: string, change: Partial<DevicePartsOptions> = {}, mayAsk = true) {
  const { network } = await openTestNetwork();
  if (mayAsk)
    await network.consents.allow({ origin, purpose: 'download', sends: ['address'], keeps: ['program'], shown: 'test' });
  const place = await makeFolder();
  const runtimeFile = join(place, 'libonnxruntime.so.1');
  await writeFile(runtimeFile, 'the runtime');
  const folder = join(place, 'device-parts');
  const options = { network, folder, keeps: true, list: listFor(origin), runtimeFile, onnxruntime: '1.2.3', clock: () => 0 };
  const system = { platform: 'linux', arch: 'x64' };
  return { parts: new DeviceParts({ ...options, ...system, ...change }), folder, options: { ...options, ...system } };
}

/** Gives the wheels; `change` may give others, and `cutAfter` ends an answer early. */
function giveWheels(
  asked: string[],
  change: (name: string, bytes: Buffer) => Buffer = (_name, bytes) => bytes,
  cutAfter = Infinity,
): RequestListener {
  return (request, response) => {
    const name = (request.url ?? '').replace('/files/', '');
    const found = Object.entries(wheels).find(([one]) => one === name)?.[1];
    if (found === undefined) {
      response.writeHead(404).end();
      return;
    }
    const bytes = change(name, found);
    const from = firstByteOf(request, etagOf(bytes));
    asked.push(`${name} ${from}`);
    if (bytes.length - from <= cutAfter) sendFile({ response, bytes, from });
    else {
      const part = from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
      response.writeHead(from > 0 ? 206 : 200, { etag: etagOf(bytes), 'content-length': bytes.length - from, ...part });
      response.write(bytes.subarray(from, from + cutAfter), () => response.destroy());
    }
  };
}

const bringing = (change: Partial<PartsBringing> = {}): PartsBringing => ({
  signal: new AbortController().signal,
  onProgress: () => undefined,
  onInstalling: () => undefined,
  pause: () => Promise.resolve(),
  ...change,
});

it('tells what would come, and asks nobody before a person has agreed to the place', async () => {
  const asked: string[] = [];
  const origin = await serveHttp(giveWheels(asked));
  const { parts, folder } = await openParts(origin, {}, false);
  expect(await parts.describe()).toMatchObject({
    ...{ device: 'cuda', driver: '580', origin, bytes: wholeBytes, keptBytes: 0, diskBytes: provider.length + maths.length },
    parts: [{ name: 'runtime.whl', licence: licence('of runtime.whl') }, { name: 'maths.whl' }],
  });
  await expect(parts.bring(agreed, bringing())).rejects.toMatchObject({ code: 'consent-needed', details: { origin } });
  expect({ asked, installed: parts.isInstalled, folder: parts.folderFor('cuda') }).toEqual({
    ...{ asked: [], installed: false, folder: null },
  });
  expect(existsSync(join(folder, '.incoming', 'runtime.whl'))).toBe(false);
});

it('brings them, lays them beside the runtime, and leaves nothing else', async () => {
  const asked: string[] = [];
  const { parts, folder, options } = await openParts(await serveHttp(giveWheels(asked)));
  await mkdir(join(folder, 'cuda-1.1.0-of-an-older-studio'), { recursive: true });
  const done: number[] = [];
  let installing = 0;
  const news = {
    onProgress: ({ doneBytes }: { doneBytes: number }) => done.push(doneBytes),
    onInstalling: () => (installing += 1),
  };
  await parts.bring(agreed, bringing(news));
  expect({ installing, done: done.at(-1) }).toEqual({ installing: 1, done: wholeBytes });
  const target = parts.folderFor('cuda') ?? '';
  expect(await readdir(folder)).toEqual([expect.stringMatching(/^cuda-1\.2\.3-[0-9a-f]{12}$/)]);
  expect((await readdir(target)).sort()).toEqual(['libmaths.so.13', 'libonnxruntime.so.1', 'libprovider.so', 'ready']);
  expect(Buffer.compare(await readFile(join(target, 'libprovider.so')), provider)).toBe(0);
  expect(Buffer.compare(await readFile(join(target, 'libmaths.so.13')), maths)).toBe(0);
  expect(parts.folderFor('webgpu')).toBeNull();
  // Another start finds them, and a runtime of another version does not.
  expect(new DeviceParts(options).isInstalled).toBe(true);
  const later = new DeviceParts({ ...options, onnxruntime: '1.3.0' });
  expect([later.isInstalled, await later.describe()]).toEqual([false, null]);
  await parts.bring(agreed, bringing());
  expect(asked).toHaveLength(2);
  await parts.remove();
  expect([parts.isInstalled, existsSync(folder)]).toEqual([false, false]);
});

it('goes on where it was stopped', async () => {
  const asked: string[] = [];
  const { parts } = await openParts(await serveHttp(giveWheels(asked, undefined, 100_000)));
  const stop = new AbortController();
  const onProgress = ({ doneBytes }: { doneBytes: number }) => doneBytes >= 100_000 && stop.abort(new Error('stopped'));
  await expect(parts.bring(agreed, bringing({ signal: stop.signal, onProgress }))).rejects.toThrow('stopped');
  const kept = (await parts.describe())?.keptBytes ?? 0;
  expect(kept).toBeGreaterThanOrEqual(100_000);
  expect(parts.isInstalled).toBe(false);
  await parts.bring(agreed, bringing());
  expect(parts.isInstalled).toBe(true);
  // No byte came twice.
  expect(asked).toEqual([...new Set(asked)]);
});

it('uses nothing of what is not the file its list names', async () => {
  const spoil = (name: string, bytes: Buffer) => (name === 'maths.whl' ? Buffer.from(bytes).fill(7, 40, 60) : bytes);
  const { parts, folder } = await openParts(await serveHttp(giveWheels([], spoil)));
  await expect(parts.bring(agreed, bringing())).rejects.toMatchObject({
    code: 'download-damaged',
    details: { path: 'maths.whl' },
  });
  expect(parts.isInstalled).toBe(false);
  expect(existsSync(join(folder, '.incoming', 'maths.whl'))).toBe(false);
});

it('installs nothing where a package lacks what is to be taken out of it', async () => {
  const origin = await serveHttp(giveWheels([]));
  const list = listFor(origin);
  const [runtime, other] = list.parts;
  if (runtime === undefined || other === undefined) throw new Error('the list has two parts');
  const lacking = { ...list, parts: [runtime, { ...other, files: [{ path: 'lib/libelse.so', bytes: 3 }] }] };
  const { parts } = await openParts(origin, { list: lacking });
  await expect(parts.bring(agreed, bringing())).rejects.toMatchObject({
    ...{ code: 'download-damaged', details: { path: 'lib/libelse.so' } },
  });
  expect(parts.isInstalled).toBe(false);
});

it('says why nothing is brought: another agreement, another system, a studio that keeps nothing, a place without them', async () => {
  const origin = await serveHttp(giveWheels([]));
  const { parts } = await openParts(origin);
  const refused = { code: 'bad-request', message: 'This is not what was agreed to.' };
  await expect(parts.bring({ ...agreed, bytes: 1 }, bringing())).rejects.toMatchObject(refused);
  await expect(parts.bring({ ...agreed, licences: ['MIT'] }, bringing())).rejects.toMatchObject(refused);
  const elsewhere = (await openParts(origin, { platform: 'darwin' })).parts;
  expect(await elsewhere.describe()).toBeNull();
  await expect(elsewhere.bring(agreed, bringing())).rejects.toMatchObject({ code: 'bad-request' });
  const { parts: passing } = await openParts(origin, { keeps: false });
  await expect(passing.bring(agreed, bringing())).rejects.toMatchObject({ code: 'file-unwritable' });
  const empty = await serveHttp((_request, response) => response.writeHead(404).end());
  const { parts: lost } = await openParts(empty);
  await expect(lost.bring(agreed, bringing())).rejects.toMatchObject({
    code: 'download-refused',
    details: { reason: 'missing' },
  });
});

it('the list is for the ONNX Runtime that is here; one that cannot be read is told', async () => {
  const told: string[] = [];
  const tell = (sentence: string) => told.push(sentence);
  const list = await readPartsList({}, tell);
  expect(list.onnxruntime).toBe((await readVersions()).onnxruntime);
  expect(list.origin).toMatch(/^https:/);
  const names = list.parts.flatMap(({ files }) => files.map(({ path }) => path.split('/').at(-1)));
  expect(names).toEqual(expect.arrayContaining(['libonnxruntime_providers_cuda.so', 'libonnxruntime_providers_shared.so']));
  // They lie in one folder.
  expect(names).toEqual([...new Set(names)]);
  expect(told).toEqual([]);
  expect(await readPartsList({ DEDIFFUSION_DEVICE_PARTS: '/nowhere/list.json' }, tell)).toEqual(list);
  expect(told).toEqual([expect.stringContaining('/nowhere/list.json (DEDIFFUSION_DEVICE_PARTS) cannot be used')]);
});
