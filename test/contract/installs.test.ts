import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { expect, it, onTestFinished } from 'vitest';
import type { InstallRequest } from '../../contract/job.ts';
import { openStudio } from '../../main/studio.ts';
import { hubServer } from '../helpers/hub-server.ts';
import { serveHttp } from '../unit/network/local-servers.ts';
import { toRepository } from '../unit/installs/open-test-installer.ts';
import { waitForJob, watchJob } from './wait-for-job.ts';

const model = fileURLToPath(new URL('../fixtures/models/tiny-stable-diffusion', import.meta.url));

it('a repository is planned, agreed to, brought by a job, drawn with, used and removed', async () => {
  const server = hubServer([toRepository('org/tiny', model)]);
  const origin = await serveHttp(server.listener);
  const dataFolder = await mkdtemp(join(tmpdir(), 'dediffusion-installs-'));
  onTestFinished(() => rm(dataFolder, { recursive: true, force: true }));
  const environment = { HF_ENDPOINT: origin, HF_HOME: join(dataFolder, 'hub') };
  const studio = await openStudio({ dataFolder, device: 'cpu', environment });
  onTestFinished(() => studio.close());
  const { client } = studio;
  const source = { type: 'hub', repository: 'org/tiny', revision: 'main' } as const;
  expect((await client.packs.catalogue()).every((entry) => entry.origin === origin)).toBe(true);
  // Nothing is asked before a yes.
  expect(await client.packs.hub()).toEqual({ origin, sends: ['address'], allowed: false });
  await expect(client.packs.plan({ source, choice: {} })).rejects.toMatchObject({ data: { code: 'consent-needed' } });
  expect(server.asked).toEqual([]);
  await client.network.allow({ origin, purpose: 'download', sends: ['address'], keeps: ['model'], shown: 'yes' });
  const plan = await client.packs.plan({ source, choice: {} });
  const agreed = { licence: plan.licence.name, bytes: plan.bytes };
  const request: InstallRequest = { kind: 'install', packId: plan.packId, name: plan.name, source, choice: {}, agreed };
  const installed = await waitForJob(client, (await client.jobs.submit(request)).id);
  expect(installed).toMatchObject({ state: 'done', result: { packId: 'tiny', droppedBytes: 0 } });
  expect((await client.packs.abilities({ packId: 'tiny' })).drawer).not.toBeNull();
  const drawn = await waitForJob(
    client,
    (
      await client.jobs.submit({
        kind: 'generate',
        packId: 'tiny',
        prompt: { type: 'text', text: 'a' },
        settings: { steps: 2, seed: 1 },
        parents: [],
      })
    ).id,
  );
  expect(drawn).toMatchObject({ state: 'done', error: null });
  // A tiny autoencoder beside it shows what is drawn, at its size.
  const tiny = join(dataFolder, 'taesd');
  await mkdir(join(tiny, 'vae_decoder'), { recursive: true });
  await cp(join(model, 'vae_decoder'), join(tiny, 'vae_decoder'), { recursive: true });
  const folder = { type: 'folder', path: tiny } as const;
  const seen = await client.packs.plan({ source: folder, choice: {} });
  const yes = { licence: seen.licence.name, bytes: seen.bytes };
  const adopted = { kind: 'install' as const, packId: seen.packId, name: seen.name, source: folder, choice: {}, agreed: yes };
  await waitForJob(client, (await client.jobs.submit(adopted)).id);
  const sides = new Set<number>();
  await watchJob(
    client,
    () =>
      client.jobs.submit({
        kind: 'generate',
        packId: 'tiny',
        prompt: { type: 'text', text: 'a' },
        settings: { steps: 8, seed: 1, width: 256, height: 128 },
        parents: [],
      }),
    async ({ id }) => {
      const preview = studio.preview(id);
      if (preview !== null) sides.add((await sharp(preview).metadata()).width);
    },
  );
  expect([...sides]).toEqual([256]);
  await client.packs.remove({ packId: 'taesd' });
  await client.settings.update({ packId: 'tiny' });
  const { packs } = await client.packs.remove({ packId: 'tiny' });
  expect(packs.map(({ id }) => id)).toEqual(['tiny-scenes']);
  expect((await client.settings.get()).settings.packId).toBeNull();
  await expect(client.packs.remove({ packId: 'tiny-scenes' })).rejects.toMatchObject({ data: { code: 'bad-request' } });
}, 240_000);
