import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { withLibraries } from '../../../main/engine/probe-device.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const native = join(root, 'node_modules', 'onnxruntime-node', 'bin', 'napi-v6', process.platform, process.arch);
const runtime = 'libonnxruntime.so.1';

it('the variables are left as they are without a folder, and others keep their place behind it', () => {
  const environment = { PATH: '/bin', LD_LIBRARY_PATH: '/own' };
  expect(withLibraries(environment, null)).toEqual(environment);
  expect(withLibraries(environment, '/parts')).toEqual({ PATH: '/bin', LD_LIBRARY_PATH: '/parts:/own' });
  expect(withLibraries({ PATH: '/bin' }, '/parts')).toEqual({ PATH: '/bin', LD_LIBRARY_PATH: '/parts' });
});

it.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'a process with installed libraries loads the runtime that lies beside them, which looks for others there',
  () => {
    const folder = join(makeTemporaryFolder(), 'device parts');
    mkdirSync(folder);
    copyFileSync(join(native, runtime), join(folder, runtime));
    // Loads the runtime as the engine does, and tells where from.
    const script = `await import('onnxruntime-node');
      const { readFileSync } = await import('node:fs');
      console.log(readFileSync('/proc/self/maps', 'utf8').match(/\\/.*libonnxruntime\\.so\\.1$/m)[0]);`;
    const load = (environment: NodeJS.ProcessEnv) =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, env: environment, encoding: 'utf8' });
    expect(load(withLibraries(process.env, folder)).trim()).toBe(join(folder, runtime));
    expect(load(withLibraries(process.env, null)).trim()).not.toContain(folder);
  },
);
