import { ORPCError } from '@orpc/client';
import type { ErrorBody } from '../../contract/errors.ts';
import { errorBodySchema } from '../../contract/errors.ts';
import { say } from '../language/say.ts';

/** Any failure as a person is told it. A failure without a body from the core means that the core did not answer as it should. */
export function toErrorBody(failure: unknown): ErrorBody {
  const carried = failure instanceof ORPCError ? errorBodySchema.safeParse(failure.data) : errorBodySchema.safeParse(failure);
  if (carried.success) return carried.data;
  if (failure instanceof ORPCError) return describeStatus(failure.status, failure.message);
  return {
    code: 'internal',
    message: say('status.noAnswer'),
    hint: say('status.noAnswer.hint'),
    details: { reason: failure instanceof Error ? failure.message : String(failure) },
  };
}

function describeStatus(status: number, answer: string): ErrorBody {
  const details = { status, answer };
  if (status === 401 || status === 403) {
    return { code: 'unauthorised', message: say('status.oldKey'), hint: say('status.oldKey.hint'), details };
  }
  const code = status === 400 ? 'bad-request' : 'internal';
  return { code, message: say('status.notDone'), hint: say('status.notDone.hint'), details };
}
