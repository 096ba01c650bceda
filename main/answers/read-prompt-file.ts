import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { PromptSource } from '../../contract/job.ts';
import { parsePromptFile } from '../prompt/parse-prompt-file.ts';

/**
 * Reads a prompt from a file: a document as JSON (exact ids, weights) or plain text.
 * @throws StudioError `file-unreadable`, `prompt-invalid`, `prompt-empty`, `prompt-too-long`
 */
export async function readPromptFile(path: string): Promise<PromptSource> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new StudioError(
      'file-unreadable',
      `${basename(path)} cannot be read (${reason}).`,
      'Check the path.',
      { reason },
      cause,
    );
  });
  return parsePromptFile(bytes);
}
