/**
 * `npm start`. Plain JavaScript, because it runs before anything is known of the Node.js that runs it: the rest is TypeScript,
 * which older ones cannot read.
 */
import { isRecent, runInBundledNode } from '../../main/shell/cli/recent-node.mjs';

if (isRecent) {
  try {
    const { start } = await import('./start.ts');
    process.exitCode = await start(process.argv.slice(2));
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error(`A part of the studio is not installed: ${error.message.split('\n')[0]}`);
    console.error('Run "npm ci", then "npm start" again.');
    process.exit(1);
  }
} else {
  runInBundledNode(process.argv.slice(1));
}
