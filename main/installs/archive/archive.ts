import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { StudioError } from '../../../contract/errors.ts';
import { packLimits } from '../../../contract/models/pack-limits.ts';

/** One file of an archive, as the archive's own list says. */
export interface ArchiveFile {
  /** Within the model: the one folder that everything lies in is left out. */
  readonly path: string;
  /** As the archive names it, with the folder. */
  readonly name: Buffer;
  readonly isDeflated: boolean;
  readonly bytes: number;
  readonly packedBytes: number;
  readonly crc32: number;
  /** Where its own header begins. */
  readonly offset: number;
}

/** An open archive and what lies in it. Whoever opened it closes the handle. */
export interface Archive {
  readonly handle: FileHandle;
  readonly files: readonly ArchiveFile[];
  /** Where the files end and the list of them begins. */
  readonly listOffset: number;
  readonly path: string;
}

/** The most that an archive may bring. Its files are bounded once more by what a model may have. */
export const archiveLimits = {
  /** Files and folders. */
  entries: 2 * packLimits.files,
  /** Of the list of its files. */
  listBytes: 32 * 1024 * 1024,
  /** Unpacked, together. */
  bytes: 200e9,
  /**
   * Unpacked bytes for one packed. Weights hardly shrink, vocabularies to a fifth; what shrinks to a hundredth was written to fill a disk.
   * Small archives may: nothing is filled by them.
   */
  ratio: 100,
  ratioFromBytes: 10_000_000,
} as const;

/** An archive that is damaged, or asks for something no archive of a model has a reason to. */
export function refuseArchive(path: string, what: string, details: StudioError['details'] = {}): StudioError {
  const hint = 'Get it again from where it came from, or unpack it with another program and install the folder.';
  return new StudioError('pack-invalid', `${basename(path)} is not unpacked: ${what}`, hint, { path, ...details });
}
