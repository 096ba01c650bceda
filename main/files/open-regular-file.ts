import { constants } from 'node:fs';
import { lstat, open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { resolveName } from './resolve-name.ts';

export interface RegularFileOptions {
  /** Bytes; a file that is larger, or becomes so while it is read, is refused. */
  readonly maximumBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** For everything that is asked of the disk, milliseconds. Default 30 s: a network folder or a cloud's placeholder may stall. */
  readonly timeoutMs?: number;
  /** False where a link in place of the file is refused. Default true. */
  readonly followLinks?: boolean;
}

export interface ReadRegularFileOptions extends RegularFileOptions {
  /** Looks at the first 4,096 bytes before the rest of a file that is not small is read, and throws where they are not what is wanted. */
  readonly checkStart?: (start: Uint8Array, bytes: number) => void;
}

/** A file that was looked at after it was opened. Whoever asked for it closes the handle. */
export interface RegularFile {
  readonly handle: FileHandle;
  /** Its size when it was opened. */
  readonly bytes: number;
}

const START_BYTES = 4096;
/** Read at once: to ask the system takes longer than so many bytes more. */
const SMALL_BYTES = 64 * 1024;
const CHUNK_BYTES = 4 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Opens a file that a person, a pack or another program placed, only when it is a regular one. A pipe would hold one of the
 * process's few I/O threads until somebody writes, a device never ends, and opening some devices already does something: so
 * the kind is looked at before, and again on what was opened, because it may have been exchanged between.
 *
 * @throws StudioError file-unreadable; `details.reason` is `not-regular`, `too-large`, `too-slow` or the system's code
 * @throws the signal's reason when aborted
 */
export async function openRegularFile(path: string, options: RegularFileOptions): Promise<RegularFile> {
  return withinTime(path, options, (signal) => openChecked(path, options, signal));
}

/**
 * The bytes of such a file, whole.
 *
 * @throws as openRegularFile
 */
export async function readRegularFile(path: string, options: ReadRegularFileOptions): Promise<Buffer> {
  return withinTime(path, options, async (signal) => {
    const { handle, bytes } = await openChecked(path, options, signal);
    try {
      return await readWhole(path, handle, bytes, options, signal);
    } finally {
      await handle.close();
    }
  });
}

async function openChecked(path: string, options: RegularFileOptions, signal: AbortSignal): Promise<RegularFile> {
  const followLinks = options.followLinks ?? true;
  const place = await resolveName(path);
  if (!(await (followLinks ? stat : lstat)(place)).isFile()) throw notRegular(path);
  const handle = await open(place, openingFlags(followLinks));
  try {
    // Whoever asked may have left while the disk was slow: then nobody would close it.
    signal.throwIfAborted();
    const facts = await handle.stat();
    if (!facts.isFile()) throw notRegular(path);
    if (facts.size > options.maximumBytes) throw tooLarge(path, facts.size, options.maximumBytes);
    signal.throwIfAborted();
    return { handle, bytes: facts.size };
  } catch (cause) {
    await handle.close();
    throw cause;
  }
}

/** Windows has neither flag, and its pipes have names that no folder holds. */
function openingFlags(followLinks: boolean): number {
  if (process.platform === 'win32') return constants.O_RDONLY;
  return constants.O_RDONLY | constants.O_NONBLOCK | (followLinks ? 0 : constants.O_NOFOLLOW);
}

/** Reads to the end, not to the size alone: files of `/proc` say 0, and a file may grow. */
async function readWhole(
  path: string,
  handle: FileHandle,
  bytes: number,
  { maximumBytes, checkStart }: ReadRegularFileOptions,
  signal: AbortSignal,
): Promise<Buffer> {
  // Pages of the rest are taken from the system only when they are written.
  let buffer = Buffer.allocUnsafeSlow(bytes + 1);
  let filled = 0;
  for (;;) {
    signal.throwIfAborted();
    const most = filled === 0 && checkStart !== undefined ? SMALL_BYTES : CHUNK_BYTES;
    const asked = Math.min(most, buffer.length - filled);
    const { bytesRead } = await handle.read(buffer, filled, asked, filled);
    if (filled === 0) checkStart?.(buffer.subarray(0, Math.min(bytesRead, START_BYTES)), bytes);
    if (bytesRead === 0) return buffer.subarray(0, filled);
    filled += bytesRead;
    if (filled > maximumBytes) throw tooLarge(path, filled, maximumBytes);
    // As large as it said, with room for more that did not come: to ask once more would be a turn of the disk for nothing.
    if (filled === bytes && bytesRead < asked) return buffer.subarray(0, filled);
    if (filled === buffer.length)
      buffer = Buffer.concat([buffer, Buffer.allocUnsafeSlow(Math.min(buffer.length, maximumBytes + 1 - filled))]);
  }
}

/** The system cannot be told to stop: when the time is over the caller goes on, and what was opened is closed when it answers. */
async function withinTime<T>(
  path: string,
  { signal, timeoutMs = DEFAULT_TIMEOUT_MS }: RegularFileOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const ended = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  ended.throwIfAborted();
  let leave = (): void => undefined;
  const left = new Promise<null>((resolve) => {
    leave = () => resolve(null);
  });
  ended.addEventListener('abort', leave);
  try {
    const outcome = await Promise.race([work(ended).then((value) => ({ value })), left]);
    if (outcome !== null) return outcome.value;
    throw ended.reason;
  } catch (cause) {
    if (signal?.aborted === true) throw signal.reason;
    if (deadline.aborted) throw tooSlow(path, timeoutMs);
    throw toUnreadable(path, cause);
  } finally {
    ended.removeEventListener('abort', leave);
  }
}

function notRegular(path: string): StudioError {
  return unreadable(`${basename(path)} is not a regular file.`, 'Put the file itself there: no folder, pipe, device or link.', {
    reason: 'not-regular',
  });
}

function tooLarge(path: string, bytes: number, maximumBytes: number): StudioError {
  const megabytes = (count: number): string => (count / 1_048_576).toFixed(1);
  return unreadable(
    `${basename(path)} is ${megabytes(bytes)} MB; at most ${megabytes(maximumBytes)} MB are read.`,
    'Choose a smaller file.',
    { reason: 'too-large', bytes, maximumBytes },
  );
}

function tooSlow(path: string, timeoutMs: number): StudioError {
  return unreadable(
    `${basename(path)} could not be read within ${Math.round(timeoutMs / 1000)} seconds.`,
    'Its disk, network folder or cloud does not answer: copy the file to this machine and try again.',
    { reason: 'too-slow' },
  );
}

function toUnreadable(path: string, cause: unknown): unknown {
  if (cause instanceof StudioError) return cause;
  if (!(cause instanceof Error && 'code' in cause)) return cause;
  const reason = String(cause.code);
  const hint =
    reason === 'ENOENT'
      ? 'Check the path; it may have been moved or renamed.'
      : 'Check that you may read it and that its disk is there.';
  return unreadable(`${basename(path)} cannot be read (${reason}).`, hint, { reason }, cause);
}

function unreadable(message: string, hint: string, details: StudioError['details'], cause?: unknown): StudioError {
  return new StudioError('file-unreadable', message, hint, details, cause);
}
