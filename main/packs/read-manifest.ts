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

/**
 * Reads and parses a pack's manifest. Throws StudioError pack-invalid with what is wrong with it, in words, and record-newer.
 *
 * @param folder Absolute path of the pack.
 * @returns The manifest, and the sha256 of the file's bytes; null where the folder has no pack.json.
 */
export async function readManifest(folder: string): Promise<{ manifest: PackManifest; manifestSha256: string } | null> {
  const path = join(folder, MANIFEST_FILE);
  const invalid = (reason: string, cause?: unknown): StudioError =>
    new StudioError(
      'pack-invalid',
      `The model in ${folder} cannot be used: ${reason}`,
      'Get the model again from where it came from, or correct its pack.json.',
      { path },
      cause,
    );
  let bytes: Buffer;
  let json: unknown;
  try {
    const { manifestBytes: maximumBytes, readTimeoutMs: timeoutMs } = packLimits;
    bytes = await readRegularFile(path, { maximumBytes, timeoutMs, followLinks: false });
    json = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    if (cause instanceof StudioError && isNotThere(cause)) return null;
    throw invalid(`pack.json cannot be read (${cause instanceof Error ? cause.message : String(cause)}).`, cause);
  }
  try {
    return { manifest: readRecord(packManifestRecord, json), manifestSha256: createHash('sha256').update(bytes).digest('hex') };
  } catch (cause) {
    if (cause instanceof z.ZodError) throw invalid(describeIssues(cause));
    throw cause;
  }
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
