import { chmodSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { InstallSource } from '../../../contract/models/install.ts';
import { OWN_PYTHON } from '../../../main/installs/conversion/python-environment.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { makeFolder } from '../downloads/fetch-test-files.ts';
import { writeCheckpoint } from './conversion/write-checkpoint.ts';
import { copyModel, openTestInstaller, toAnything } from './open-test-installer.ts';

const hub = 'http://127.0.0.1:9';
const record = {
  schemaVersion: 1,
  family: 'sdxl',
  dtype: 'fp16',
  source: { file: 'model.safetensors', bytes: 7, sha256: 'a'.repeat(64) },
  vae: { file: 'vae.safetensors', bytes: 7, sha256: 'b'.repeat(64) },
  loras: [{ file: 'style.safetensors', bytes: 7, sha256: 'c'.repeat(64), weight: 0.8 }],
  licence: 'openrail++',
  title: 'My model',
  findings: [{ graph: 'unet', what: 'latents', of: 'mean', difference: 0.0012, bound: 0.01 }],
  packages: { torch: '2.13.0' },
};

async function checkpointSource(): Promise<Extract<InstallSource, { type: 'checkpoint' }>> {
  const path = join(await makeFolder(), 'My Model_v2.safetensors');
  writeCheckpoint(path, { 'model.diffusion_model.out.2.weight': [1000, 1000] }, { 'modelspec.license': 'openrail++' });
  return { type: 'checkpoint', path, loras: [] };
}

/** A program in the place of Python that says these lines and ends so. */
async function standIn(code: string): Promise<string> {
  const path = join(await makeFolder(), 'python');
  writeFileSync(path, `#!${process.execPath}\n${code}\n`);
  chmodSync(path, 0o755);
  return path;
}

it('a folder that the recipe made says in its manifest what it was made from', async () => {
  const { installer, packs } = await openTestInstaller();
  const path = await copyModel('tiny-sdxl');
  writeFileSync(join(path, 'conversion.json'), JSON.stringify(record));
  const { notes } = await installer.install({ type: 'folder', path }, {}, toAnything('unknown'), quietContext);
  const { manifest, folder } = await packs.openPack('tiny-sdxl');
  expect(manifest).toMatchObject({
    name: 'My model',
    version: 'aaaaaaaa',
    licence: { spdx: 'openrail++' },
    summary: expect.stringMatching(/model\.safetensors \(Stable Diffusion XL, fp16\) with style\.safetensors \(0\.8\)/) as string,
    source: {
      repository: 'model.safetensors',
      revision: 'a'.repeat(64),
      command: 'dediffusion packs convert model.safetensors --lora style.safetensors:0.8 --vae vae.safetensors --dtype fp16',
    },
  });
  expect(notes.join(' ')).toContain('unet 0.0012 (mean)');
  // The whole record stays with the pack.
  expect(JSON.parse(await readFile(join(folder, 'conversion.json'), 'utf8'))).toEqual(record);
});

it('a record that says something else is told', async () => {
  const { installer } = await openTestInstaller();
  const path = await copyModel('tiny-sdxl');
  writeFileSync(join(path, 'conversion.json'), JSON.stringify({ ...record, source: { file: 'x' } }));
  const adopted = installer.install({ type: 'folder', path }, {}, toAnything('unknown'), quietContext);
  await expect(adopted).rejects.toMatchObject({
    code: 'pack-invalid',
    message: expect.stringContaining('conversion.json') as string,
  });
});

describe('a checkpoint', () => {
  it('is planned from its header, and not converted before somebody agreed to the environment', async () => {
    const { installer, packs } = await openTestInstaller(hub, { ...process.env, [OWN_PYTHON]: '' });
    const source = await checkpointSource();
    const plan = await installer.plan(source, { dtype: '_fp16' }, quietContext.signal);
    expect(plan).toMatchObject({
      packId: 'my-model-v2',
      licence: { name: 'openrail++', commercial: 'limits' },
      bytes: 2_000_000,
    });
    expect(plan.environment?.bytes).toBeGreaterThan(1e9);
    expect(await installer.plan(source, {}, quietContext.signal)).toMatchObject({ bytes: 4_000_000 });
    await expect(installer.plan(source, { dtype: '_q4' }, quietContext.signal)).rejects.toMatchObject({ code: 'bad-request' });
    const lora = join(await makeFolder(), 'style.pt');
    writeFileSync(lora, 'program');
    for (const other of [{ loras: [{ path: lora, weight: 1 }] }, { vae: lora }])
      await expect(installer.plan({ ...source, ...other }, {}, quietContext.signal)).rejects.toMatchObject({
        code: 'file-unreadable',
      });
    const converted = installer.install(source, {}, toAnything('openrail++'), quietContext);
    await expect(converted).rejects.toMatchObject({ code: 'consent-needed' });
    expect((await packs.listPacks()).packs).toEqual([]);
  });

  it.skipIf(process.platform === 'win32').each([
    [
      'what the recipe refused',
      `console.log(JSON.stringify({ type: 'failed', code: 'pack-invalid', message: 'No.', hint: 'Other.', details: { a: 1 } })); process.exit(1)`,
      { code: 'pack-invalid', message: 'No.', hint: 'Other.', details: { a: 1 } },
    ],
    ['that memory ran out', `process.kill(process.pid, 'SIGKILL')`, { code: 'memory-exceeded' }],
    [
      'its last words',
      `console.log('not a line of ours'); console.error('a reason'); process.exit(3)`,
      { details: { lastWords: 'a reason' } },
    ],
  ])('that was not converted tells %s', async (_name, code, expected) => {
    const { installer, packs } = await openTestInstaller(hub, { ...process.env, [OWN_PYTHON]: await standIn(code) });
    const converted = installer.install(await checkpointSource(), {}, toAnything('openrail++'), quietContext);
    await expect(converted).rejects.toMatchObject(expected);
    expect((await packs.listPacks()).packs).toEqual([]);
  });
});
