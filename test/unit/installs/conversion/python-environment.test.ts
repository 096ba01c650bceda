import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OWN_PYTHON, PythonEnvironment } from '../../../../main/installs/conversion/python-environment.ts';
import { quietContext } from '../../../../main/running/run-context.ts';
import { makeFolder } from '../../downloads/fetch-test-files.ts';

const hasPython = spawnSync('python3', ['-c', 'import venv, ensurepip']).status === 0;
const variables = (changes: Record<string, string> = {}) => ({ ...process.env, [OWN_PYTHON]: undefined, ...changes });

async function openEnvironment(packages: string, changes: Record<string, string> = {}) {
  const folder = await makeFolder();
  const requirementsFile = join(folder, 'requirements.txt');
  writeFileSync(requirementsFile, packages);
  const environment = new PythonEnvironment({
    folder: join(folder, 'python'),
    environment: variables(changes),
    requirementsFile,
  });
  return { environment, folder: join(folder, 'python'), requirementsFile };
}

it('takes a Python that a person names, and makes none then', async () => {
  const { environment } = await openEnvironment('', { [OWN_PYTHON]: '/my/python' });
  expect(await environment.find()).toBe('/my/python');
  expect(await environment.plan()).toBeNull();
});

it('says which hosts would be asked, and asks none before', async () => {
  const { environment, folder } = await openEnvironment('', { PIP_INDEX_URL: 'https://packages.example/simple' });
  expect(await environment.find()).toBeNull();
  const plan = await environment.plan();
  expect(plan?.hosts).toContain('packages.example');
  expect(plan?.hosts).not.toContain('pypi.org');
  expect(plan?.folder.startsWith(folder)).toBe(true);
});

it('hands no keys to Python', async () => {
  const { environment } = await openEnvironment('', { DEDIFFUSION_SECRET_PAINTS: 'secret', HF_TOKEN: 'secret' });
  expect(Object.values(environment.variables)).not.toContain('secret');
});

it('says where there is no Python that will do', async () => {
  const { environment } = await openEnvironment('', { PATH: await makeFolder(), Path: '' });
  await expect(environment.make(quietContext)).rejects.toMatchObject({
    code: 'not-found',
    hint: expect.stringMatching(/[Pp]ython/) as string,
  });
});

/** Where there is no Python with venv these are skipped; what needs none is above. */
describe.skipIf(!hasPython)('with a Python', () => {
  it('is made once, and again for another list of packages', async () => {
    const { environment, folder, requirementsFile } = await openEnvironment('');
    const seen: number[] = [];
    const python = await environment.make({ ...quietContext, onProgress: ({ fraction }) => seen.push(fraction) });
    expect(spawnSync(python, ['-c', 'import sys; print(sys.prefix)'], { encoding: 'utf8' }).stdout.trim()).toMatch(
      /convert-[0-9a-f]{12}$/,
    );
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
    expect(await environment.find()).toBe(python);
    expect(await environment.plan()).toBeNull();
    writeFileSync(requirementsFile, '# nothing else\n');
    expect(await environment.find()).toBeNull();
    expect(readdirSync(folder)).toHaveLength(1);
  }, 120_000);

  it('is none where it was broken off, and tells what pip could not have', async () => {
    const { environment, folder } = await openEnvironment('there-is-no-such-package==1.0\n', { PIP_NO_INDEX: '1' });
    await expect(environment.make(quietContext)).rejects.toMatchObject({
      code: 'address-unreachable',
      details: { lastWords: expect.stringContaining('there-is-no-such-package') as string },
    });
    expect(readdirSync(folder)).toHaveLength(1);
    expect(await environment.find()).toBeNull();
    const stop = new AbortController();
    const onProgress = (): void => stop.abort(new Error('enough'));
    await expect(environment.make({ ...quietContext, signal: stop.signal, onProgress })).rejects.toThrow('enough');
    expect(await environment.find()).toBeNull();
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);
});
