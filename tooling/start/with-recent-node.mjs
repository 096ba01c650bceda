/** `node tooling/start/with-recent-node.mjs <script> …`: the script in a Node.js that is recent enough, whichever npm started it. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isRecent, runInBundledNode } from '../../main/shell/cli/recent-node.mjs';

const [script, ...rest] = process.argv.slice(2);
if (isRecent) {
  process.argv.splice(1, process.argv.length, resolve(script), ...rest);
  await import(pathToFileURL(resolve(script)).href);
} else {
  runInBundledNode([script, ...rest]);
}
