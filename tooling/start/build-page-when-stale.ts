import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';

/** What the page is made of. */
const SOURCES = ['renderer', 'contract', 'docs/guide', 'tooling/guide', 'vite.config.ts', 'package-lock.json'];

async function modifiedMs(path: string): Promise<number> {
  const facts = await stat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  return facts?.mtimeMs ?? 0;
}

async function newestMs(path: string): Promise<number> {
  const facts = await stat(path).catch(() => null);
  if (facts?.isDirectory() !== true) return facts?.mtimeMs ?? 0;
  const entries = await readdir(path, { recursive: true });
  const times = await Promise.all(entries.map((entry) => modifiedMs(join(path, entry))));
  return Math.max(facts.mtimeMs, ...times);
}

/** True when the page was never built, or something it is made of changed since. */
export async function isPageStale(root: string): Promise<boolean> {
  const builtMs = await modifiedMs(join(root, 'dist', 'renderer', 'index.html'));
  if (builtMs === 0) return true;
  const sources = await Promise.all(SOURCES.map((source) => newestMs(join(root, source))));
  return Math.max(...sources) > builtMs;
}

function build(root: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const builder = join(root, 'tooling', 'start', 'build-page.mjs');
    const child = spawn(process.execPath, [builder], { cwd: root, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', resolve);
  });
}

/** Builds the page if its sources are newer, in a process of its own so that the builder's memory is given back. */
export async function buildPageWhenStale(root: string, say: (line: string) => void): Promise<void> {
  if (!(await isPageStale(root))) return;
  say('Building the page (only when its sources changed) …');
  const exitCode = await build(root);
  if (exitCode === 0) return;
  throw new StudioError(
    'internal',
    'The page could not be built.',
    'Read what the builder says above; "npm ci" repairs a broken install.',
  );
}
