import { basename } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { packLimits } from '../../contract/models/pack-limits.ts';
import { readRegularFile } from '../files/open-regular-file.ts';

/**
 * A config or vocabulary of a pack as text; null where there is no such file. A link is followed by nobody who was given the pack's
 * files as they were checked, so none is followed here.
 *
 * @throws StudioError pack-invalid for what is no regular file or too large, file-unreadable for what the disk does not give
 */
export async function readPackText(path: string): Promise<string | null> {
  const { textFileBytes: maximumBytes, readTimeoutMs: timeoutMs } = packLimits;
  try {
    return (await readRegularFile(path, { maximumBytes, timeoutMs, followLinks: false })).toString('utf8');
  } catch (error) {
    const reason = error instanceof StudioError ? error.details['reason'] : null;
    if (reason === 'ENOENT' || reason === 'ENOTDIR') return null;
    if (reason !== 'not-regular' && reason !== 'too-large') throw error;
    const [message, hint] = [
      `The model's file ${basename(path)} is none that can be read.`,
      'Verify the model, and get it again.',
    ];
    throw new StudioError('pack-invalid', message, hint, { path, reason }, error);
  }
}
