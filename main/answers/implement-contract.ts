import { implement } from '@orpc/server';
import { contract } from '../../contract/methods.ts';
import { toWireError } from '../services/to-wire-error.ts';
import type { LogFailure } from '../services/to-wire-error.ts';

/** The contract with the one place where failures become its typed error: around the checks of inputs and outputs as well. */
export function implementContract(logFailure: LogFailure) {
  return implement(contract).use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      throw toWireError(error, logFailure);
    }
  });
}
export type ContractImplementation = ReturnType<typeof implementContract>;
