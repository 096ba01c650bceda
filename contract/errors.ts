import { z } from 'zod';

/**
 * The closed set of errors a person can meet. Everything that is not expected is `internal` with a log id.
 * Cancelling is a state of a job, not an error, so there is no code for it.
 */
export const errorCodeSchema = z.enum([
  'image-unreadable', // not an image, corrupt, truncated or empty
  'image-unsupported', // a format the studio does not decode
  'image-too-large', // over the limits on bytes or pixels
  'image-too-small',
  'prompt-too-long', // over the limit on characters, or on tokens where nothing may be cut
  'prompt-empty',
  'prompt-invalid', // a prompt document or file that does not parse
  'pack-not-found',
  'pack-invalid', // pack.json does not parse
  'pack-file-missing',
  'pack-file-altered', // size or sha256 differs from the manifest
  'pack-role-missing', // the pack has no encoder, decoder or scorer
  'length-unsupported', // the pack has no head for that number of tokens
  'scheduler-unknown',
  'device-unavailable',
  'engine-crashed',
  'engine-unavailable', // it kept crashing and is not started again until asked
  'memory-exceeded',
  'disk-full',
  'library-in-use', // another host holds this library
  'library-damaged',
  'record-newer', // a stored thing of a later version of the studio; it is left alone
  'not-found', // an item, image or job id that does not exist
  'bad-request', // arguments that do not fit the contract
  'address-refused', // a web address the studio does not ask: not https, not public, not a picture, or another host
  'address-unreachable', // `details.reason` says why
  'answer-too-large', // of another program or machine
  'answer-unreadable',
  'download-refused', // a repository that is gated, private, moved, gone or asked too often; `details.reason` says which, `details.page` where to look
  'download-damaged', // what was fetched is not what its repository says, or nothing says what it should be
  'writer-refused', // a language model's server: wrong key, unknown model, or a request it does not take
  'writer-limited', // too many requests, or the spending limit of a connection
  'tool-refused', // a tool that draws: wrong key, unknown model, or a request it does not take
  'tool-limited', // too many requests, or the spending limit of a connection
  'tool-failed', // it began to draw and did not come to an end
  'consent-needed', // nobody has agreed that this goes to that host
  'secret-missing', // no key of that name is set
  'secret-unsafe', // there is no keychain to keep it in
  'unauthorised', // wrong or missing session token or access key, Host or Origin
  'not-allowed', // an access key that does not reach that far
  'file-unreadable',
  'file-unwritable',
  'internal',
]);
export type ErrorCode = z.infer<typeof errorCodeSchema>;

/** What crosses the wire for every failure: what happened, what to do next, and facts for the details fold-out. */
export const errorBodySchema = z.object({
  code: errorCodeSchema,
  message: z.string(),
  hint: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;
export type ErrorDetails = ErrorBody['details'];

/**
 * An expected failure. Thrown inside, converted once at the wire.
 * `message` says what happened, `hint` what to do next; both are written for a person.
 */
export class StudioError extends Error {
  override readonly name = 'StudioError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, hint: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.details = details;
  }

  toBody(): ErrorBody {
    return { code: this.code, message: this.message, hint: this.hint, details: this.details };
  }

  static fromBody(body: ErrorBody): StudioError {
    return new StudioError(body.code, body.message, body.hint, body.details);
  }
}
