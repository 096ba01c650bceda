import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { packLimits } from '../../contract/models/pack-limits.ts';
import { packManifestRecord } from '../../contract/models/pack.ts';
import type { PackManifest } from '../../contract/models/pack.ts';
import { readRecord } from '../../contract/record.ts';
import { readRegularFile } from '../files/open-regular-file.ts';

export const MANIFEST_FILE = 'pack.json';

/** A manifest, and the sha256 of the bytes it was read from. */
export interface ReadManifest {
  readonly manifest: PackManifest;
  readonly manifestSha256: string;
}

/**
 * Reads and parses a pack's manifest. Throws StudioError pack-invalid with what is wrong with it, in words, and record-newer.
 *
 * @param folder Absolute path of the pack.
 * @param known What was read there before: given back where the bytes are the same, because to parse them takes longer than to read them.
 * @returns null where the folder has no pack.json.
 */
export async function readManifest(folder: string, known?: ReadManifest): Promise<ReadManifest | null> {
  let bytes: Buffer;
  try {
    const { manifestBytes: maximumBytes, readTimeoutMs: timeoutMs } = packLimits;
    bytes = await readRegularFile(join(folder, MANIFEST_FILE), { maximumBytes, timeoutMs, followLinks: false });
  } catch (cause) {
    if (cause instanceof StudioError && isNotThere(cause)) return null;
    throw unreadable(folder, cause);
  }
  return known?.manifestSha256 === hash(bytes) ? known : parseManifest(bytes, folder);
}

/**
 * Parses the bytes of a pack.json.
 * @param place The folder or the archive it lies in.
 * @throws StudioError pack-invalid with what is wrong with it, in words, and record-newer
 */
export function parseManifest(bytes: Buffer, place: string): ReadManifest {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw unreadable(place, cause);
  }
  try {
    return { manifest: readRecord(packManifestRecord, json), manifestSha256: hash(bytes) };
  } catch (cause) {
    if (cause instanceof z.ZodError) throw invalid(place, describeIssues(cause));
    throw cause;
  }
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function unreadable(place: string, cause: unknown): StudioError {
  return invalid(place, `pack.json cannot be read (${cause instanceof Error ? cause.message : String(cause)}).`, cause);
}

function invalid(place: string, reason: string, cause?: unknown): StudioError {
  return new StudioError(
    'pack-invalid',
    `The model in ${place} cannot be used: ${reason}`,
    'Get the model again from where it came from, or correct its pack.json.',
    { path: join(place, MANIFEST_FILE) },
    cause,
  );
}

function isNotThere({ details }: StudioError): boolean {
  return details['reason'] === 'ENOENT' || details['reason'] === 'ENOTDIR';
}

const ISSUES_SHOWN = 3;

function describeIssues(error: z.ZodError): string {
  const shown = error.issues
    .slice(0, ISSUES_SHOWN)
    .map(({ path, message }) => `${path.length > 0 ? path.join('.') : 'pack.json'}: ${message}`);
  const rest = error.issues.length - shown.length;
  return `${shown.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.`;
}
