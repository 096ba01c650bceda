import { StudioError } from '../../contract/errors.ts';

/** A job that broke off is started once more, and no more than that. */
export const MAX_ATTEMPTS = 2;

/**
 * True when a job that ended with `cause` is worth a second start by itself: its engine crashed, and whoever saw it did
 * not find the input to blame (`inputCaused` in the details).
 */
export function mayStartAgain(cause: unknown, attempts: number): boolean {
  if (attempts >= MAX_ATTEMPTS || !(cause instanceof StudioError)) return false;
  return cause.code === 'engine-crashed' && cause.details['inputCaused'] !== true;
}
