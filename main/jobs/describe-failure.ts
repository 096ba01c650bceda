import { StudioError } from '../../contract/errors.ts';
import type { ErrorBody } from '../../contract/errors.ts';
import { createId } from '../storage/create-id.ts';

/** What a failed job shows. An error nobody expected becomes `internal` with an id under which the log has all of it. */
export function describeFailure(cause: unknown, nowMs: number, log: (message: string) => void): ErrorBody {
  if (cause instanceof StudioError) return cause.toBody();
  const logId = createId(nowMs);
  log(`${logId}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
  return new StudioError(
    'internal',
    'The job failed in a way the studio did not expect.',
    `Try it again. If it fails again, report it with the id ${logId}; the log has the details under it.`,
    { logId },
  ).toBody();
}
