import { setTimeout as wait } from 'node:timers/promises';
import { StudioError } from '../../contract/errors.ts';
import type { Answer } from '../network/answer.ts';
import { PartialFile } from './partial-file.ts';
import { askedWaitMs, downloadDamaged } from './refusals.ts';
import type { RemoteFile } from './remote-file.ts';

/** Where a file comes from. */
export interface FileSource {
  /** Asks for it from one of its bytes on; with `etag`, only if it is still that file, else whole. */
  open(file: RemoteFile, range: { readonly from: number; readonly etag: string | null }, signal: AbortSignal): Promise<Answer>;
  /** What an answer without the file means; null where the same question may be answered otherwise: an address that has run out. */
  refusal(answer: Answer): StudioError | null;
}

export interface FetchOptions {
  readonly signal: AbortSignal;
  /** Bytes that are here now and were not before; below 0 for bytes that had to be dropped. */
  readonly onBytes: (bytes: number) => void;
  /** Waits between two tries; tests do not. */
  readonly pause?: (waitMs: number, signal: AbortSignal) => Promise<void>;
}

/** Tries in a row that bring not a single byte; the last of them waits half a minute. */
const MOST_FRUITLESS = 6;
const FIRST_WAIT_MS = 500;
/** Times that a file is begun anew: a host that gives no parts and breaks off would be asked for ever. */
const MOST_RESTARTS = 5;

/** Failures of the way that pass by themselves. */
const passing = new Set(['cut-off', 'time', 'refused', 'no-way', 'name', 'not-http', 'unknown']);

/** The host asks to be left alone for a while. */
class AskedToWait extends Error {
  override readonly name = 'AskedToWait';
  readonly waitMs: number;
  readonly refusal: StudioError;

  constructor(waitMs: number, refusal: StudioError) {
    super('The host asks to be left alone.');
    this.waitMs = waitMs;
    this.refusal = refusal;
  }
}

/**
 * Brings one file to `target`, going on where an earlier try stopped, however often that takes. Bytes that are here are not asked for
 * again unless the host has another file by now, gives no parts, or what was put together is wrong.
 *
 * @throws StudioError `download-damaged` for what is not the file, `download-refused`, `address-unreachable`, `address-refused`; the
 *   signal's reason, and then what came is kept; errors of the file system
 */
export async function fetchFile(file: RemoteFile, target: string, source: FileSource, options: FetchOptions): Promise<void> {
  const { signal, onBytes, pause = (waitMs: number) => wait(waitMs, undefined, { signal }) } = options;
  const partial = await PartialFile.open(file, target, signal);
  try {
    let fruitless = 0;
    for (;;) {
      const before = partial.bytes;
      const failure = partial.bytes < file.bytes ? await receive(partial, file, source, options) : null;
      if (partial.bytes === file.bytes) {
        if (await partial.publish()) return;
        const wasResumed = partial.isResumed;
        onBytes(-(await partial.restart()));
        if (!wasResumed) throw downloadDamaged(file.path, `${file.path} is not what its repository says: its sum is another.`);
        continue;
      }
      fruitless = partial.bytes > before ? 0 : fruitless + 1;
      const last = failure instanceof AskedToWait ? failure.refusal : failure;
      if (fruitless >= MOST_FRUITLESS || partial.restarts > MOST_RESTARTS)
        throw last ?? downloadDamaged(file.path, `${file.path} ends too early each time.`);
      await pause(failure instanceof AskedToWait ? failure.waitMs : FIRST_WAIT_MS * 2 ** fruitless, signal);
      signal.throwIfAborted();
    }
  } finally {
    await partial.close().catch(() => undefined);
  }
}

/** One answer's worth. @returns what ended it, where another try may help; null where the answer simply ended */
async function receive(
  partial: PartialFile,
  file: RemoteFile,
  source: FileSource,
  { signal, onBytes }: FetchOptions,
): Promise<StudioError | AskedToWait | null> {
  let answer: Answer | undefined;
  try {
    answer = await source.open(file, { from: partial.bytes, etag: partial.etag }, signal);
    if (answer.status !== 200 && answer.status !== 206) return await judgeStatus(answer, partial, source, onBytes);
    const total = /\/(\d+)$/.exec(answer.headers['content-range'] ?? '')?.[1];
    if (total !== undefined && Number(total) !== file.bytes) throw isAnother(file, Number(total));
    if (answer.from !== partial.bytes) onBytes(-(await partial.restart()));
    await partial.noteSource(answer.headers.etag);
    for await (const piece of answer.pieces()) {
      if (partial.bytes + piece.byteLength > file.bytes) throw isAnother(file, partial.bytes + piece.byteLength);
      await partial.append(piece);
      onBytes(piece.byteLength);
    }
    return null;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof StudioError)) throw error;
    if (error.code === 'answer-too-large') throw isAnother(file, null);
    if (error.code === 'address-unreachable' && passing.has(String(error.details['reason']))) return error;
    throw error;
  } finally {
    answer?.close();
  }
}

async function judgeStatus(
  answer: Answer,
  partial: PartialFile,
  source: FileSource,
  onBytes: (bytes: number) => void,
): Promise<StudioError | AskedToWait | null> {
  if (answer.status === 416) {
    // It says it has no such part: then these bytes are of another file.
    onBytes(-(await partial.restart()));
    return null;
  }
  const refusal = source.refusal(answer);
  const waitMs = answer.status === 429 && refusal !== null ? askedWaitMs(answer) : null;
  if (refusal !== null && waitMs !== null) return new AskedToWait(waitMs, refusal);
  if (refusal === null || answer.status >= 500) return refusal;
  throw refusal;
}

function isAnother(file: RemoteFile, found: number | null): StudioError {
  const facts = { expected: file.bytes, ...(found === null ? {} : { actual: found }) };
  return downloadDamaged(file.path, `${file.path} is not what its repository says: it is of another size.`, facts);
}
