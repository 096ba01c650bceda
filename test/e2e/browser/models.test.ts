import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import { hubServer } from '../../helpers/hub-server.ts';
import { toRepository } from '../../unit/installs/open-test-installer.ts';
import { serveHttp } from '../../unit/network/local-servers.ts';

const model = fileURLToPath(new URL('../../fixtures/models/tiny-stable-diffusion', import.meta.url));

it('a model is agreed to, paused, gone on with, and then here', async () => {
  // A small model under the name of one of the catalogue, whose largest part is long in coming at first.
  const server = hubServer([toRepository('SimianLuo/LCM_Dreamshaper_v7', model)], ({ path, response, bytes, number }) => {
    if (path !== 'unet/model.onnx' || number > 0) return false;
    response.writeHead(200, { 'content-length': bytes.byteLength }).write(bytes.subarray(0, 60_000));
    return true;
  });
  const origin = await serveHttp(server.listener);
  const cache = await mkdtemp(join(tmpdir(), 'dediffusion-hub-'));
  process.env['HF_ENDPOINT'] = origin;
  process.env['HF_HOME'] = cache;
  onTestFinished(async () => {
    delete process.env['HF_ENDPOINT'];
    delete process.env['HF_HOME'];
    await rm(cache, { recursive: true, force: true });
  });
  const studio = await launchStudio();
  onTestFinished(() => studio.close());
  const { page } = studio;
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  await page.getByRole('radio', { name: 'Available' }).check({ force: true });
  const card = page.getByRole('article', { name: /LCM Dreamshaper 7/ });
  await card.getByText('commercial use allowed').waitFor();
  await card.getByRole('button', { name: /^Install/ }).click();
  // Nothing was asked yet: first the host, then licence and size.
  expect(server.asked).toEqual([]);
  await card.getByText(new RegExp(`The studio will ask ${new URL(origin).host} for models`)).waitFor();
  await card.getByRole('button', { name: `Ask ${new URL(origin).host}` }).click();
  await card
    .getByText(/mit · commercial use allowed/)
    .last()
    .waitFor();
  await card.getByRole('button', { name: 'Agree and install' }).click();
  await card.getByRole('progressbar').waitFor();
  await card.getByRole('button', { name: /^Pause/ }).click();
  await card.getByText(/^Paused: /).waitFor();
  await card.getByRole('button', { name: /^Resume/ }).click();
  await card.getByText('Installed', { exact: true }).waitFor();
  await page.getByRole('radio', { name: 'Installed' }).check({ force: true });
  await page.getByRole('button', { name: /LCM Dreamshaper 7/ }).click();
  await page.getByRole('button', { name: 'Look for a newer one' }).click();
  await page.getByText('This is the newest.').waitFor();
  await page.getByRole('button', { name: 'Remove…' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('button', { name: /LCM Dreamshaper 7/ }).waitFor({ state: 'detached' });
  expect(studio.complaints).toEqual([]);
}, 600_000);
