import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { makeArtifacts, writeSums } from './make-artifacts.ts';
import { readChangelog } from './read-changelog.ts';

/** `npm run release`: see README.md beside this file. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, 'dist', 'release');

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
}

function ask(program: string, ...args: string[]): string {
  return execFileSync(program, args, { cwd: root, encoding: 'utf8' }).trim();
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function readVersion(): Promise<string> {
  return z.object({ version: z.string() }).parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))).version;
}

/** What a person has to have done before. */
async function checkReady(version: string): Promise<void> {
  if (ask('git', 'status', '--porcelain') !== '') throw new Error('The tree has changes: commit them, or put them away.');
  if (ask('git', 'tag', '--list', `v${version}`) !== '')
    throw new Error(`v${version} is released already: set the next version.`);
  readChangelog(await readFile(join(root, 'CHANGELOG.md'), 'utf8'), version);
}

/** Leaves a draft on the project's page with everything in the folder. */
async function makeDraft(version: string): Promise<void> {
  const tag = process.env['TAG'];
  if (tag !== `v${version}`) throw new Error(`The tag is ${String(tag)}, and package.json says ${version}.`);
  const { text } = readChangelog(await readFile(join(root, 'CHANGELOG.md'), 'utf8'), version);
  const files = (await writeSums(folder)).map((name) => join(folder, name));
  run('gh', 'release', 'create', tag, '--draft', '--verify-tag', '--title', tag, '--notes', text, ...files);
}

const { values } = parseArgs({
  options: {
    'dry-run': { type: 'boolean', default: false },
    artifacts: { type: 'boolean', default: false },
    draft: { type: 'boolean', default: false },
    formats: { type: 'string', default: '' },
  },
});
const formats = values.formats.split(',').filter((format) => format !== '');
const version = await readVersion();

if (values.draft) {
  await makeDraft(version);
} else if (values.artifacts) {
  await makeArtifacts(root, version, folder, formats);
} else {
  await checkReady(version);
  run('npm', 'run', '-s', 'check');
  await makeArtifacts(root, version, folder, formats);
  for (const name of await writeSums(folder)) tell(join('dist', 'release', name));
  if (values['dry-run']) {
    tell(`Nothing was tagged or sent. "npm run release" would make the tag v${version} and push it.`);
  } else {
    run('git', 'tag', '--annotate', `v${version}`, '--message', `Version ${version}`);
    run('git', 'push', 'origin', `v${version}`);
  }
}
