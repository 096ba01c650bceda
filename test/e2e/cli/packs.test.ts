import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doctorOutputSchema } from '../../../main/shell/cli/commands/doctor.ts';
import {
  packsExportOutputSchema,
  packsInfoOutputSchema,
  packsListOutputSchema,
  packsVerifyOutputSchema,
} from '../../../main/shell/cli/commands/packs.ts';
import { failureOutputSchema } from './failure-output.ts';
import { runCli, runJson } from './run-cli.ts';

const EMBEDDED = fileURLToPath(new URL('../../../models/packs/tiny-scenes', import.meta.url));
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('packs', () => {
  it('lists, tells and verifies the embedded pack', async () => {
    const { packs } = await runJson(['packs', 'list'], { home }, packsListOutputSchema);
    expect(packs[0]).toMatchObject({ id: 'tiny-scenes', embedded: true, lengths: [5, 15, 75] });
    const { pack } = await runJson(['packs', 'info', 'tiny-scenes'], { home }, packsInfoOutputSchema);
    expect(pack.world?.cannot).not.toEqual([]);
    const verified = await runJson(['packs', 'verify'], { home }, packsVerifyOutputSchema);
    expect(verified.packs).toEqual([{ id: 'tiny-scenes', ok: true, checked: pack.files.length, problems: [] }]);
    const human = await runCli(['packs', 'info', 'tiny-scenes'], { home });
    expect(human.stdout).toContain(pack.world?.cannot[0]);
  });

  it('writes one for Triton, into a folder named from where the command runs', async () => {
    const written = await runJson(['packs', 'export', 'tiny-scenes', '--triton', 'served'], { home }, packsExportOutputSchema);
    expect(written.folder).toBe(join(home, 'served'));
    expect(await readFile(join(home, 'served', 'compose.yaml'), 'utf8')).toContain('tritonserver');
    expect(written.models).toContainEqual(expect.stringMatching(/^tiny-scenes__.*__read-75$/));
  });

  it('names an altered file, with both sums, and doctor has the remedy', async () => {
    const folder = join(home, 'packs', 'altered');
    await mkdir(folder, { recursive: true });
    await cp(EMBEDDED, folder, { recursive: true });
    const manifest = JSON.parse(await readFile(join(folder, 'pack.json'), 'utf8')) as {
      id: string;
      files: { path: string; sha256: string }[];
    };
    await writeFile(join(folder, 'pack.json'), JSON.stringify({ ...manifest, id: 'altered' }));
    const victim = manifest.files.find((file) => file.path.endsWith('.json'));
    const path = join(folder, victim?.path ?? '');
    const bytes = await readFile(path);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    await writeFile(path, bytes);

    const { packs } = await runJson(['packs', 'verify', 'altered'], { home }, packsVerifyOutputSchema, 1);
    expect(packs[0]?.problems).toMatchObject([{ path: victim?.path, problem: 'sha256', expected: victim?.sha256 }]);
    const doctor = await runJson(['doctor'], { home }, doctorOutputSchema, 1);
    expect(doctor.problems.map(({ problem }) => problem).join('\n')).toContain(victim?.path);
  });

  it('knows no pack of another name', async () => {
    const { error } = await runJson(['packs', 'info', 'nobody'], { home }, failureOutputSchema, 1);
    expect(error).toMatchObject({ code: 'pack-not-found' });
  });
});

describe('doctor', () => {
  it('tells devices with reasons, versions, packs and the library', async () => {
    const run = await runCli(['doctor', '--json'], { home: join(home, 'fresh'), folder: home });
    const doctor = doctorOutputSchema.parse(JSON.parse(run.stdout));
    expect(run.code).toBe(doctor.ok ? 0 : 1);
    const devices = new Map(doctor.devices.map((device) => [device.device, device]));
    expect(devices.get('cpu')).toMatchObject({ available: true });
    for (const device of doctor.devices) expect(device.reason).not.toBe('');
    expect(doctor.packs).toMatchObject([{ id: 'tiny-scenes', ok: true }]);
    expect(doctor.library).toEqual({ folder: join(home, 'fresh'), items: null });
    for (const { remedy } of doctor.problems) expect(remedy).not.toBe('');
  });
});
