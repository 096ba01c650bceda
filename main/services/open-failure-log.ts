import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { renamePatiently } from '../files/rename-patiently.ts';
import { traceError } from '../running/trace-error.ts';
import type { LogFailure } from './to-wire-error.ts';

export interface FailureLog {
  readonly failure: LogFailure;
  /** A line about what the studio does itself. Never give it anything a person wrote, drew or named. */
  readonly note: (message: string) => void;
  readonly close: () => void;
}

const MAX_LOG_BYTES = 5_000_000;

async function keepOneOldLog(path: string): Promise<void> {
  const size = await stat(path).then(
    (facts) => facts.size,
    () => 0,
  );
  // Where the old one cannot be moved, the log grows on: better than a studio that does not start.
  if (size > MAX_LOG_BYTES) await renamePatiently(path, `${path}.1`).catch(() => undefined);
}

/** What may be written about an error and what it came from, with the home and data folders replaced. */
function describeFailure(error: unknown, hide: (text: string) => string): Record<string, string> {
  const { kind, code, stack } = traceError(error);
  const cause = error instanceof Error && error.cause !== undefined ? traceError(error.cause) : null;
  return {
    kind,
    code,
    stack: hide(stack),
    ...(cause === null ? {} : { cause: `${cause.kind} ${cause.code}`.trim(), causeStack: hide(cause.stack) }),
  };
}

/**
 * Opens `logs/studio.log` in the data folder: what went wrong, without anything private in it.
 * @param dataFolder null for a studio that may write nothing: its failures go to stderr
 * @param redact takes keys of other programs out of a text, wherever it came from
 */
export async function openFailureLog(
  dataFolder: string | null,
  redact: (text: string) => string = (text) => text,
): Promise<FailureLog> {
  const path = dataFolder === null ? null : join(dataFolder, 'logs', 'studio.log');
  if (path !== null) await keepOneOldLog(path);
  const destination = pino.destination({ dest: path ?? process.stderr.fd, mkdir: true, sync: path === null });
  // A log that cannot be written, on a full disk for one, must not take the studio with it.
  destination.on('error', () => undefined);
  const level = path === null ? 'error' : 'info';
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  const hiddenFolders = [dataFolder ?? '', homedir()].filter((folder) => folder.length > 1);
  const hide = (text: string) => hiddenFolders.reduce((hidden, folder) => hidden.replaceAll(folder, '~'), redact(text));
  return {
    failure: (error) => {
      const logId = randomBytes(4).toString('hex');
      logger.error({ logId, ...describeFailure(error, hide) }, 'failure');
      return logId;
    },
    note: (message) => logger.info(hide(message)),
    close: () => {
      if (path !== null) destination.end();
    },
  };
}
