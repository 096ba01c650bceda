import { lstat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { fetchFile } from './fetch-file.ts';
import type { FetchOptions, FileSource } from './fetch-file.ts';
import { PartialFile } from './partial-file.ts';
import type { RemoteFile } from './remote-file.ts';
import { takeOver } from './shared-cache.ts';
import type { FindCopies } from './shared-cache.ts';
import { TransferMeter } from './transfer-meter.ts';
import type { TransferProgress } from './transfer-meter.ts';

/** Places on this machine where a file may lie already. */
export interface CopyPlace {
  readonly find: FindCopies;
  /** The folder that links may not lead out of; null: no links. */
  readonly within: string | null;
}

export interface FetchFilesOptions extends Pick<FetchOptions, 'pause'> {
  readonly folder: string;
  readonly files: readonly RemoteFile[];
  readonly source: FileSource;
  readonly copies: readonly CopyPlace[];
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TransferProgress) => void;
  readonly clock: () => number;
}

/** What it took to have all files. */
export interface FetchReport {
  /** Bytes that came over the network. */
  readonly fetchedBytes: number;
  /** Bytes of those that had to be fetched again: the host changed the file, gave no parts, or sent what was wrong. */
  readonly droppedBytes: number;
  /** Bytes that were on this machine already. */
  readonly takenBytes: number;
}

/** Files on their way at once: more would only share the same line. */
const AT_ONCE = 4;
/** Bytes of the disk that stay free. */
const MARGIN_BYTES = 64 * 1024 * 1024;

/**
 * Brings every file into a folder, some at a time, from this machine where it is here, else from its source; what was brought before
 * stays. The disk's room is looked at first. A failure lets the files that are on their way stop, keeps what they have, and is thrown.
 *
 * @throws StudioError `disk-full`, and as `fetchFile` does
 */
export async function fetchFiles(options: FetchFilesOptions): Promise<FetchReport> {
  const { files, folder, clock, onProgress } = options;
  const found = await Promise.all(files.map(async (file) => ({ file, ...(await lookHere(file, join(folder, file.path))) })));
  const totalBytes = found.reduce((sum, { file }) => sum + file.bytes, 0);
  const doneBytes = found.reduce((sum, { hereBytes }) => sum + hereBytes, 0);
  await requireRoom(folder, totalBytes - doneBytes);
  const meter = new TransferMeter(totalBytes, doneBytes, clock);
  const report = { fetchedBytes: 0, droppedBytes: 0, takenBytes: 0 };
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const onBytes = (bytes: number): void => {
    report[bytes < 0 ? 'droppedBytes' : 'fetchedBytes'] += Math.abs(bytes);
    meter.add(bytes);
    onProgress(meter.progress);
  };
  onProgress(meter.progress);
  // The largest first: they take longest, and the small ones fill what is left.
  const waiting = found.filter(({ isWhole }) => !isWhole).toSorted((a, b) => b.file.bytes - a.file.bytes);
  const left = waiting.values();
  const worker = async (): Promise<void> => {
    for (const { file, hereBytes } of left) {
      const target = join(folder, file.path);
      if (await takeCopy(file, target, options.copies, signal)) {
        await PartialFile.remove(target);
        report.takenBytes += file.bytes - hereBytes;
        meter.add(file.bytes - hereBytes);
        onProgress(meter.progress);
      } else {
        await fetchFile(file, target, options.source, {
          signal,
          onBytes,
          ...(options.pause === undefined ? {} : { pause: options.pause }),
        });
      }
    }
  };
  const failures: unknown[] = [];
  const stopOthers = (failure: unknown): void => {
    failures.push(failure);
    stop.abort();
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, waiting.length) }, () => worker().catch(stopOthers)));
  options.signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
  return report;
}

/** What need not come of a file: all of it where it has its name, else what is kept of an earlier try. */
async function lookHere(file: RemoteFile, target: string): Promise<{ readonly isWhole: boolean; readonly hereBytes: number }> {
  const facts = await lstat(target).catch(() => null);
  const isWhole = facts?.isFile() === true && facts.size === file.bytes;
  return { isWhole, hereBytes: isWhole ? file.bytes : await PartialFile.measure(file, target) };
}

async function takeCopy(file: RemoteFile, target: string, places: readonly CopyPlace[], signal: AbortSignal): Promise<boolean> {
  for (const { find, within } of places) if (await takeOver(file, target, find(file), within, signal)) return true;
  return false;
}

/** Free bytes of the disk that a folder lies on; null where it does not tell. */
export async function measureRoom(folder: string): Promise<number | null> {
  const facts = await statfs(folder).catch(() => null);
  return facts === null ? null : facts.bavail * facts.bsize;
}

/** @throws StudioError `disk-full` where a folder's disk is known to have too little room */
export async function requireRoom(folder: string, neededBytes: number): Promise<void> {
  const freeBytes = await measureRoom(folder);
  if (freeBytes === null || neededBytes + MARGIN_BYTES <= freeBytes) return;
  const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
  throw new StudioError(
    'disk-full',
    `This needs ${gigabytes(neededBytes)} GB, and the disk has ${gigabytes(freeBytes)} GB left.`,
    'Free some space on that disk, then go on where it stopped.',
    { path: folder, neededBytes, freeBytes },
  );
}
