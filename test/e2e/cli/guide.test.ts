import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { hasPack } from '../../contract/open-test-studio.ts';

const run = promisify(execFile);
const at = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const guide = at('docs/guide');
const hasShell = await run('bash', ['-c', 'true']).then(
  () => true,
  () => false,
);

/** Blocks that a page says work as they stand. Those of the API's page have a test that serves the studio. */
async function listRunBlocks(): Promise<readonly string[]> {
  const pages = (await readdir(guide)).filter((name) => name.endsWith('.md') && name !== 'api.md');
  const texts = await Promise.all(pages.toSorted().map((name) => readFile(join(guide, name), 'utf8')));
  return texts.flatMap((text) => [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block));
}

/** Each command is a process that loads a model. */
const limitMs = 600_000;

it.skipIf(!hasPack || !hasShell)('the commands of the manual do what its pages say', { timeout: limitMs }, async () => {
  const blocks = await listRunBlocks();
  expect(blocks.length).toBeGreaterThan(2);
  const folder = await mkdtemp(join(tmpdir(), 'dediffusion-guide-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'pictures'));
  for (const copy of ['scene.png', 'pictures/pig.png'])
    await copyFile(at('models/packs/tiny-scenes/samples/1-pig.png'), join(folder, copy));
  const dediffusion = `dediffusion() { "${process.execPath}" "${at('main/shell/cli/dediffusion.ts')}" "$@"; }`;
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', [dediffusion, ...blocks].join('\n')], {
    cwd: folder,
    env: {
      ...process.env,
      DEDIFFUSION_HOME: join(folder, 'library'),
      PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    },
  });
  expect(stdout).toMatch(/pig\.png {2}5 tokens/);
  expect(stdout).toContain('--ar 16:9');
  expect(stdout).toMatch(/^A\+B {2}a red robot in a misty forest, watercolor$/m);
  expect(await readdir(join(folder, 'drawn'))).toEqual(['a-large-red-apple-on-a-blue-sky-7.png']);
});
