import { implement } from '@orpc/server';
import { requireScope } from '../../contract/access-key.ts';
import type { Scope } from '../../contract/access-key.ts';
import { contract } from '../../contract/methods.ts';
import { scopeOfMethod } from '../../contract/scope-of-method.ts';
import { toWireError } from '../services/to-wire-error.ts';
import type { LogFailure } from '../services/to-wire-error.ts';

/** What every call brings along beside its input. */
export interface CallContext {
  /** What the caller may do. */
  readonly scope: Scope;
}

/**
 * The contract with the one place where callers are held to their scope, and where failures become its typed error: around the checks
 * of inputs and outputs as well.
 */
export function implementContract(logFailure: LogFailure) {
  return implement(contract)
    .$context<CallContext>()
    .use(async ({ context, path, next }) => {
      try {
        requireScope(context.scope, scopeOfMethod(path));
        return await next();
      } catch (error) {
        throw toWireError(error, logFailure);
      }
    });
}
export type ContractImplementation = ReturnType<typeof implementContract>;
