/**
 * Builds the page: `npm ci` does it once, `npm start` again when its sources changed. Plain JavaScript, because it is the first of the
 * studio that runs on a new machine, whatever Node.js that has: what does not fit is said here in words, not by the builder.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findBundledNode, isRecent, tooOld } from '../../main/shell/cli/recent-node.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const node = isRecent ? process.execPath : findBundledNode();

const obstacle =
  node === null
    ? tooOld
    : /[#?]/.test(root)
      ? `The page cannot be built in ${root}: its builder takes "#" and "?" for parts of an address. Move the studio to a folder without them, then run "npm ci" again.`
      : null;

if (obstacle !== null) {
  console.error(obstacle);
  process.exitCode = 1;
} else {
  const vite = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url));
  // Whoever builds it, tests included, builds what people use: the builder would take NODE_ENV=test for a page that its makers look into.
  const env = { ...process.env, NODE_ENV: 'production' };
  const child = spawn(node, [vite, 'build', '--logLevel', 'warn'], { cwd: root, env, stdio: 'inherit' });
  child.once('exit', (code) => (process.exitCode = code ?? 1));
}
