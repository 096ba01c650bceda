import { ORPCError } from '@orpc/client';
import type { ErrorBody } from '../../contract/errors.ts';
import { errorBodySchema } from '../../contract/errors.ts';

/** Any failure as a person is told it. A failure without a body from the core means that the core did not answer as it should. */
export function toErrorBody(failure: unknown): ErrorBody {
  const carried = failure instanceof ORPCError ? errorBodySchema.safeParse(failure.data) : errorBodySchema.safeParse(failure);
  if (carried.success) return carried.data;
  if (failure instanceof ORPCError) {
    return {
      code:
        failure.status === 401 || failure.status === 403 ? 'unauthorised' : failure.status === 400 ? 'bad-request' : 'internal',
      message: 'The studio could not do that.',
      hint: failure.status === 401 || failure.status === 403 ? 'Open the studio again from where it was started.' : 'Try again.',
      details: { status: failure.status, answer: failure.message },
    };
  }
  return {
    code: 'internal',
    message: 'The studio’s core did not answer.',
    hint: 'Your text is kept here. Try again when the status line says connected.',
    details: { reason: failure instanceof Error ? failure.message : String(failure) },
  };
}
