import { expect, it, onTestFinished, vi } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import { partsWheel, writePartsList } from '../../helpers/device-parts-list.ts';
import { etagOf, firstByteOf, sendFile } from '../../helpers/hub-server.ts';
import { serveHttp } from '../../unit/network/local-servers.ts';

const isOffered = process.platform === 'linux' && process.arch === 'x64';

it.skipIf(!isOffered)('parts of a device say size, place and licence, and come after a yes', async () => {
  let asked = 0;
  const origin = await serveHttp((request, response) => {
    asked++;
    sendFile({ response, bytes: partsWheel, from: firstByteOf(request, etagOf(partsWheel)) });
  });
  vi.stubEnv('DEDIFFUSION_DEVICE_PARTS', await writePartsList(origin));
  onTestFinished(() => void vi.unstubAllEnvs());
  const studio = await launchStudio();
  onTestFinished(() => studio.close());
  const { page, complaints } = studio;

  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  const section = page.getByRole('region', { name: 'Device', exact: true });
  const size = '1 kB';
  await section.getByText(`They are not in the program: ${size} from ${new URL(origin).host}`, { exact: false }).waitFor();
  await section.getByText(`A provider 1, ${size}: MIT (https://licences.example/)`).waitFor();
  expect(asked).toBe(0);

  await section.getByRole('button', { name: 'Agree and install' }).click();
  await section.getByText('They are installed and take', { exact: false }).waitFor();
  expect(asked).toBe(1);
  // The yes stands where it can be taken back.
  await page.getByRole('region', { name: 'Privacy' }).getByText(new URL(origin).host, { exact: false }).first().waitFor();
  await section.getByRole('button', { name: 'Remove them' }).click();
  await section.getByRole('button', { name: 'Agree and install' }).waitFor();
  expect(complaints).toEqual([]);
});
