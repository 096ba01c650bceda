import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/** Where Node.js keeps the studio's compiled code, so that a process starts in half the time; a cache, which may be deleted. */
export function compileCacheFolder(dataFolder: string): string {
  return join(dataFolder, 'cache', 'node');
}

/**
 * Has this process use it, for modules that are loaded from now on. Not where no library is yet: a look at the help leaves nothing behind.
 * NODE_COMPILE_CACHE, where a person set it, stays what counts (Node.js sees to that).
 */
export function useCompileCache(dataFolder: string): void {
  if (existsSync(dataFolder)) enableCompileCache(compileCacheFolder(dataFolder));
}

/** What a child process is told of it; null: it keeps nothing. */
export function compileCacheVariable(folder: string | null): { readonly NODE_COMPILE_CACHE?: string } {
  const isChosen = (process.env['NODE_COMPILE_CACHE'] ?? '') !== '';
  return folder === null || isChosen ? {} : { NODE_COMPILE_CACHE: folder };
}
