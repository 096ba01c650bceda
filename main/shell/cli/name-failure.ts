import { StudioError } from '../../../contract/errors.ts';
import { toStudioError } from './to-studio-error.ts';

/** The expected error behind anything that was thrown; what nobody expected is `internal`, with its own words. */
export function nameFailure(error: unknown): StudioError {
  const known = toStudioError(error);
  if (known !== null) return known;
  const message = `Something went wrong that should not: ${error instanceof Error ? error.message : String(error)}`;
  return new StudioError('internal', message, 'Try again; if it stays, please report it.', {}, error);
}
