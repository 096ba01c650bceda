import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { packsInstallOutputSchema } from '../../../main/shell/cli/commands/pack-installs.ts';
import { packsInfoOutputSchema } from '../../../main/shell/cli/commands/packs.ts';
import { generateOutputSchema } from '../../../main/shell/cli/commands/generate.ts';
import { failureOutputSchema } from './failure-output.ts';
import { endOf, runJson, startCli } from './run-cli.ts';

const models = fileURLToPath(new URL('../../../models', import.meta.url));
/** A Python with the packages of models/convert/requirements.txt; CI makes one where it can. */
const python = process.env['DEDIFFUSION_CONVERT_PYTHON'] ?? '';
const canConvert = python !== '' && spawnSync(python, ['-c', 'import torch, diffusers, peft, onnxruntime']).status === 0;

async function makePlace() {
  const home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  return { home, environment: { DEDIFFUSION_CONVERT_PYTHON: python } };
}

it('a pickle is refused before anything is asked or made', async () => {
  const place = await makePlace();
  await writeFile(join(place.home, 'model.ckpt'), 'program');
  const refused = await runJson(['packs', 'convert', 'model.ckpt', '--yes'], place, failureOutputSchema, 1);
  expect(refused.error.code).toBe('file-unreadable');
  expect(refused.error.hint).toContain('.safetensors');
  expect(existsSync(join(place.home, 'python'))).toBe(false);
});

/** Without a Python that has the packages this is skipped, and the tests of models/convert are not run either. */
describe.skipIf(!canConvert)('with a Python that has the packages', () => {
  it('a checkpoint with a LoRA becomes a pack that draws', async () => {
    const place = await makePlace();
    execFileSync(python, ['-m', 'convert.tests.tiny_checkpoints', place.home], { cwd: models });
    const flags = ['--lora', 'lora-sd1.safetensors:0.8', '--id', 'mine', '--dtype', 'fp16'];
    const order = ['packs', 'convert', 'tiny-sd1.safetensors', ...flags];
    const asked = await runJson(order, place, failureOutputSchema, 1);
    expect(asked.error.code).toBe('consent-needed');
    const { plan, installed } = await runJson([...order, '--yes'], place, packsInstallOutputSchema);
    expect(plan).toMatchObject({ packId: 'mine', licence: { name: 'cc0-1.0' }, environment: null });
    expect(installed.notes.join(' ')).toContain('compared with PyTorch');
    const { pack } = await runJson(['packs', 'info', 'mine'], place, packsInfoOutputSchema);
    expect(pack.source).toMatchObject({
      repository: 'tiny-sd1.safetensors',
      revision: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(pack.source.command).toContain('--lora lora-sd1.safetensors:0.8');
    const record: unknown = JSON.parse(await readFile(join(place.home, 'packs', 'mine', 'conversion.json'), 'utf8'));
    expect(record).toMatchObject({ family: 'sd1', dtype: 'fp16', loras: [{ weight: 0.8 }] });
    const size = ['--size', '64x64', '--steps', '2', '--seed', '1', '--out', 'drawn'];
    const drawn = await runJson(['generate', 'a fox', '--pack', 'mine', ...size], place, generateOutputSchema);
    expect(drawn.files).toHaveLength(1);
  }, 600_000);

  it('a conversion that is cancelled leaves no Python behind and no pack', async () => {
    const place = await makePlace();
    execFileSync(python, ['-m', 'convert.tests.tiny_checkpoints', place.home], { cwd: models });
    const child = startCli(['packs', 'convert', 'tiny-sdxl.safetensors', '--yes'], place);
    const ended = endOf(child);
    await new Promise<void>((resolve) => {
      child.stderr?.on('data', (chunk: Buffer) => {
        if (/Loading|Converting|Comparing/.test(chunk.toString())) resolve();
      });
    });
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect((await readdir(join(place.home, 'packs'))).filter((name) => !name.startsWith('.'))).toEqual([]);
    // Whoever converts has the folder's name among its arguments.
    const running = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).stdout;
    expect(running).not.toContain(place.home);
  }, 300_000);
});
