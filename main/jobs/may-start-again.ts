import { StudioError } from '../../contract/errors.ts';

/** A job that broke off is started once more, and no more than that. */
export const MAX_ATTEMPTS = 2;

/** True when a job that ended with `cause` is worth a second start by itself: its engine crashed. */
export function mayStartAgain(cause: unknown, attempts: number): boolean {
  return attempts < MAX_ATTEMPTS && cause instanceof StudioError && cause.code === 'engine-crashed';
}
