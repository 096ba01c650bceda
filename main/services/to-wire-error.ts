import { ORPCError } from '@orpc/server';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import type { ErrorBody } from '../../contract/errors.ts';

/** Writes an unexpected failure to the log and returns the id under which it stands there. */
export type LogFailure = (error: unknown) => string;

const issuesSchema = z.object({
  issues: z.array(z.object({ message: z.string(), path: z.array(z.union([z.string(), z.number()])).default([]) })).min(1),
});

function badRequest(error: ORPCError<string, unknown>): StudioError {
  if (error.code === 'PAYLOAD_TOO_LARGE') {
    return new StudioError('bad-request', 'The request is too large.', 'Shorten the text, or send fewer pictures at a time.');
  }
  const issue = issuesSchema.safeParse(error.data).data?.issues[0];
  if (issue === undefined) {
    return new StudioError('bad-request', 'The request could not be read.', 'Send JSON as the contract describes it.');
  }
  const place = issue.path.join('.') || 'the arguments';
  return new StudioError(
    'bad-request',
    `The request does not fit the contract: ${place}: ${issue.message}`,
    'Correct that part and send it again.',
    {
      place,
    },
  );
}

/** The system's errors that say enough by their code, wherever they come from. */
function fromSystemError(code: string, cause: unknown): StudioError | null {
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL') {
    return new StudioError(
      'disk-full',
      'The disk is full.',
      'Free some space, then try again. Nothing that was saved is lost.',
      {},
      cause,
    );
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    return new StudioError('file-unreadable', 'Too many files are open.', 'Close other programs, then try again.', {}, cause);
  }
  return null;
}

/** What oRPC itself throws when a request does not fit. */
const UNFIT_REQUEST = new Set(['BAD_REQUEST', 'PAYLOAD_TOO_LARGE', 'METHOD_NOT_SUPPORTED']);

function isOrpcError(error: unknown): error is ORPCError<string, unknown> {
  return error instanceof ORPCError;
}

function toStudioError(error: unknown, logFailure: LogFailure): StudioError {
  if (error instanceof StudioError) return error;
  if (isOrpcError(error) && UNFIT_REQUEST.has(error.code)) return badRequest(error);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = fromSystemError(code, error);
  if (known !== null) return known;
  const logId = logFailure(error);
  return new StudioError(
    'internal',
    'Something went wrong inside the studio.',
    `Try again. If it stays, report it with the log entry ${logId}.`,
    {
      logId,
    },
  );
}

/** The error body for any failure: expected ones as they are, everything else `internal` with a log id. */
export function toErrorBody(error: unknown, logFailure: LogFailure): ErrorBody {
  return toStudioError(error, logFailure).toBody();
}

/** The one place where a failure becomes the contract's typed error. Errors that have crossed already stay as they are. */
export function toWireError(error: unknown, logFailure: LogFailure): ORPCError<'STUDIO', ErrorBody> {
  if (error instanceof ORPCError && error.code === 'STUDIO') return error as ORPCError<'STUDIO', ErrorBody>;
  const studioError = toStudioError(error, logFailure);
  return new ORPCError('STUDIO', {
    defined: true,
    status: 422,
    message: studioError.message,
    data: studioError.toBody(),
    cause: error,
  });
}
