import { ORPCError } from '@orpc/client';
import type { ErrorBody } from '../../contract/errors.ts';
import { errorBodySchema } from '../../contract/errors.ts';

/** Any failure as a person is told it. A failure without a body from the core means that the core did not answer as it should. */
export function toErrorBody(failure: unknown): ErrorBody {
  const carried = failure instanceof ORPCError ? errorBodySchema.safeParse(failure.data) : errorBodySchema.safeParse(failure);
  if (carried.success) return carried.data;
  if (failure instanceof ORPCError) return describeStatus(failure.status, failure.message);
  return {
    code: 'internal',
    message: 'The studio’s core did not answer.',
    hint: 'Your text is kept here. Try again when the status line says connected.',
    details: { reason: failure instanceof Error ? failure.message : String(failure) },
  };
}

function describeStatus(status: number, answer: string): ErrorBody {
  const details = { status, answer };
  if (status === 401 || status === 403) {
    const hint = 'Every start of the studio has a new key: open the link that it printed last.';
    return { code: 'unauthorised', message: 'This page no longer holds the key of the studio.', hint, details };
  }
  const code = status === 400 ? 'bad-request' : 'internal';
  return { code, message: 'The studio could not do that.', hint: 'Try again. If it stays, reload the page.', details };
}
