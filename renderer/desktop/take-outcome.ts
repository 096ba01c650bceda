import type { Outcome } from '../../contract/desktop.ts';
import { StudioError } from '../../contract/errors.ts';

/**
 * The value of an answer of the desktop program.
 * @throws StudioError what the program says went wrong
 */
export function takeOutcome<Value>(outcome: Outcome<Value>): Value {
  if (outcome.type === 'failed') throw StudioError.fromBody(outcome.error);
  return outcome.value;
}
