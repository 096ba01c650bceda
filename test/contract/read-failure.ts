import { ORPCError } from '@orpc/client';
import { errorBodySchema } from '../../contract/errors.ts';
import type { ErrorBody } from '../../contract/errors.ts';

/** The typed error a call ends with. Fails when the call succeeds or ends with anything else. */
export async function readFailure(call: Promise<unknown>): Promise<ErrorBody> {
  const failure = await call.then(
    () => new Error('the call succeeded'),
    (error: unknown) => error,
  );
  if (!(failure instanceof ORPCError) || failure.code !== 'STUDIO' || !failure.defined) throw failure;
  return errorBodySchema.parse(failure.data);
}
