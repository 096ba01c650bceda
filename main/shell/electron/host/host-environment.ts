import { compileCacheVariable } from '../../../files/compile-cache.ts';

/**
 * What a host is told by its environment: that of the program, without what would make Electron of it, and where compiled code is kept,
 * without which every start would compile all of the core again.
 *
 * @param codeFolder for compiled code; made where it is missing
 */
export function hostEnvironment(environment: NodeJS.ProcessEnv, codeFolder: string): NodeJS.ProcessEnv {
  return { ...environment, ELECTRON_RUN_AS_NODE: undefined, NODE_OPTIONS: undefined, ...compileCacheVariable(codeFolder) };
}
