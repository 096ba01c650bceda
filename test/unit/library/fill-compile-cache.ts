import { execFileSync } from 'node:child_process';
import { makeTemporaryFolder } from './make-temporary-folder.ts';

/**
 * The environment with a compile cache that one run of `script`, which must end by itself, has filled: it halves the start
 * of the many that follow. A killed process leaves nothing in the cache.
 */
export function fillCompileCache(script: string, args: readonly string[]): NodeJS.ProcessEnv {
  const env = { ...process.env, NODE_COMPILE_CACHE: makeTemporaryFolder() };
  execFileSync(process.execPath, [script, ...args], { env });
  return env;
}
