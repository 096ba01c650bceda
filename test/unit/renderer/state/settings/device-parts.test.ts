import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { partsWheel, writePartsList } from '../../../../helpers/device-parts-list.ts';
import { etagOf, firstByteOf, sendFile } from '../../../../helpers/hub-server.ts';
import { serveHttp } from '../../../network/local-servers.ts';
import { CoreBench } from '../../core-bench.ts';

/** A core whose list of parts names a server of the test. */
async function openBench(origin: string): Promise<CoreBench> {
  const bench = await CoreBench.open(undefined, { DEDIFFUSION_DEVICE_PARTS: await writePartsList(origin) });
  onTestFinished(() => bench.close());
  return bench;
}

const isOffered = process.platform === 'linux' && process.arch === 'x64';

it.skipIf(!isOffered)('brings a device’s parts after a yes, installs them, and takes them away again', async () => {
  let answers = false;
  const origin = await serveHttp((request, response) => {
    if (answers) sendFile({ response, bytes: partsWheel, from: firstByteOf(request, etagOf(partsWheel)) });
    else response.writeHead(403).end();
  });
  const bench = await openBench(origin);
  const page = await bench.startPage();
  const { deviceParts } = page;
  await Promise.all([deviceParts.load(), page.network.load()]);
  expect(deviceParts.parts).toMatchObject({ installed: false, allowed: false, offer: { origin, bytes: partsWheel.length } });

  await deviceParts.bring();
  expect(deviceParts.step).toMatchObject({ type: 'failed', error: { code: 'download-refused' } });
  expect(deviceParts.parts).toMatchObject({ installed: false, allowed: true });
  expect(page.network.report?.consents).toMatchObject([{ origin, purpose: 'download', keeps: ['program'] }]);

  answers = true;
  await deviceParts.bring();
  expect({ step: deviceParts.step, installed: deviceParts.parts?.installed }).toEqual({
    step: { type: 'idle' },
    installed: true,
  });
  // The devices were tried again, this one with what was brought; it is no library, and that is said.
  const cuda = page.facts.info?.devices.find(({ device }) => device === 'cuda');
  expect(cuda).toMatchObject({ available: false, reason: expect.stringMatching(/\S/) as string });
  const { folders } = page.settings.report ?? (await bench.core.client.settings.get());
  expect(await readFile(join(folders.data, 'network.json'), 'utf8')).toContain(origin);

  await deviceParts.remove();
  expect(deviceParts.parts).toMatchObject({ installed: false });
});
