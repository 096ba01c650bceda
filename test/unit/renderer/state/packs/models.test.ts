import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { Models } from '../../../../../renderer/state/packs/models.svelte.ts';
import { Packs } from '../../../../../renderer/state/packs/packs.svelte.ts';
import { writeZip } from '../../../../helpers/write-zip.ts';
import { copyModel, filesOfFolder } from '../../../installs/open-test-installer.ts';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  // Nobody's Python of their own: then an environment would have to be made.
  vi.stubEnv('DEDIFFUSION_CONVERT_PYTHON', '');
  bench = await CoreBench.open();
});
afterAll(async () => {
  await bench.close();
  vi.unstubAllEnvs();
});

async function openModels() {
  const page = await bench.startPage();
  const folder = await mkdtemp(join(tmpdir(), 'dediffusion-models-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { page, folder, models: new Models(bench.core.client, page.jobs), packs: new Packs(bench.core.client) };
}

it('an archive is looked at, agreed to and brought without asking anybody; then it is moved, told what it is, and removed', async () => {
  const { folder, models, packs } = await openModels();
  const path = join(folder, 'Tiny.zip');
  await writeFile(path, writeZip(filesOfFolder(await copyModel('tiny-stable-diffusion'), 'tiny/')));
  await models.ask({ type: 'folder', path });
  expect(models.asked).toMatchObject({ plan: { packId: 'tiny', environment: null }, error: null });
  await models.agree();
  expect(models.failureOf('tiny')).toBeNull();
  await packs.open('tiny');
  expect(packs.card('tiny')?.graphs.find((graph) => graph.path === 'unet/model.onnx')).toMatchObject({ precision: 'fp16' });
  await packs.move('tiny', folder);
  expect(packs.moving).toBeNull();
  expect(packs.overview?.packs.find(({ id }) => id === 'tiny')?.crashed).toEqual([]);
  await packs.verify('tiny');
  expect(packs.check('tiny')).toMatchObject({ type: 'done', verification: { ok: true } });
  await packs.remove('tiny');
  expect(packs.overview?.packs.some(({ id }) => id === 'tiny')).toBe(false);
});

it('a checkpoint is looked at here, and the environment that its conversion needs is agreed to', async () => {
  const { page, folder, models } = await openModels();
  const path = join(folder, 'My Model.safetensors');
  const header = JSON.stringify({ 'model.diffusion_model.out.2.weight': { dtype: 'F32', shape: [4, 5], data_offsets: [0, 80] } });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  await writeFile(path, Buffer.concat([length, Buffer.from(header), Buffer.alloc(80)]));
  const source = { type: 'checkpoint' as const, path };
  await models.ask({ ...source, loras: [], vae: join(folder, 'vae.ckpt') });
  expect(models.asked?.error).toMatchObject({ code: 'file-unreadable' });
  await models.ask({ ...source, loras: [] }, { dtype: '_fp16' });
  expect(models.asked?.plan).toMatchObject({ packId: 'my-model', origin: null, bytes: 40 });
  expect(models.asked?.plan?.environment?.hosts).not.toEqual([]);
  // It waits for the device, so that nothing of it is done here.
  const free = await bench.occupy();
  const agreed = models.agree();
  await bench.until(() => {
    expect(models.jobOf('my-model')).not.toBeNull();
  });
  expect(models.jobOf('my-model')?.request).toMatchObject({
    agreed: { bytes: 40, environment: true },
    choice: { dtype: '_fp16' },
  });
  await page.jobs.cancel(models.jobOf('my-model')?.id ?? '');
  await agreed;
  await free();
});
