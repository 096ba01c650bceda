import { ORPCError } from '@orpc/client';
import type { ErrorBody } from '../../contract/errors.ts';
import { errorBodySchema } from '../../contract/errors.ts';
import { say } from '../language/say.ts';

/** How browsers call a request without an answer, and a stream that broke; they name it in English in every language. */
const silence = /failed to fetch|fetch failed|load failed|networkerror|network error|network connection|input stream/i;

/** Any failure as a person is told it: the core's own words, a core that did not answer, or a fault of the page itself. */
export function toErrorBody(failure: unknown): ErrorBody {
  const carried = failure instanceof ORPCError ? errorBodySchema.safeParse(failure.data) : errorBodySchema.safeParse(failure);
  if (carried.success) return carried.data;
  if (failure instanceof ORPCError) return describeStatus(failure.status, failure.message);
  const reason = failure instanceof Error ? failure.message : String(failure);
  const silent = isSilence(failure);
  const message = say(silent ? 'status.noAnswer' : 'browser.pageFault');
  const hint = say(silent ? 'status.noAnswer.hint' : 'browser.pageFault.hint');
  return { code: 'internal', message, hint, details: { reason } };
}

/** True for a request that nobody answered, and for a stream that broke. */
export function isSilence(failure: unknown): boolean {
  return failure instanceof TypeError && silence.test(failure.message);
}

function describeStatus(status: number, answer: string): ErrorBody {
  const details = { status, answer };
  if (status === 401 || status === 403) {
    return { code: 'unauthorised', message: say('status.oldKey'), hint: say('status.oldKey.hint'), details };
  }
  const code = status === 400 ? 'bad-request' : 'internal';
  return { code, message: say('status.notDone'), hint: say('status.notDone.hint'), details };
}
