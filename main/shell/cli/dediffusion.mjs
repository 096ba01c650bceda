#!/usr/bin/env node
/**
 * `dediffusion`, installed. Two things stand between it and the TypeScript beside it: an older Node.js (`recent-node.mjs`), and
 * Node's refusal to strip types inside node_modules, for which types are stripped here and in every child process.
 */
import { isRecent, runInBundledNode } from './recent-node.mjs';

if (isRecent) {
  const hooks = new URL('./strip-types-hook.mjs', import.meta.url).href;
  await import(hooks);
  // The engine is a Node.js process of its own and lies in the same folder.
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --import=${hooks}`.trim();
  await import('./dediffusion.ts');
} else {
  runInBundledNode(process.argv.slice(1));
}
