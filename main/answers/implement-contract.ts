import { mapEventIterator } from '@orpc/client';
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
    .use(async ({ context, path, next, signal }) => {
      try {
        requireScope(context.scope, scopeOfMethod(path));
        const answer = await next();
        return isStream(answer.output) ? { ...answer, output: convertStream(answer.output, logFailure, signal) } : answer;
      } catch (error) {
        throw toWireError(error, logFailure);
      }
    });
}
export type ContractImplementation = ReturnType<typeof implementContract>;

function isStream(output: unknown): output is AsyncIterator<unknown, unknown> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}

/**
 * A stream is answered before its first step, so what goes wrong in it is thrown when nothing around the method listens any more.
 * What it throws because its reader left is no failure.
 */
function convertStream(stream: AsyncIterator<unknown, unknown>, logFailure: LogFailure, signal: AbortSignal | undefined) {
  return mapEventIterator(stream, {
    value: (value) => Promise.resolve(value),
    error: (error) => Promise.resolve(signal?.aborted === true ? error : toWireError(error, logFailure)),
  });
}
