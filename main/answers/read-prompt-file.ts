import type { PromptSource } from '../../contract/job.ts';
import { parsePromptFile } from '../prompt/parse-prompt-file.ts';
import { readRegularFile } from '../files/open-regular-file.ts';

/** A document of the longest prompt there is takes a hundredth of it. */
const maximumBytes = 64 * 1024 * 1024;

/**
 * Reads a prompt from a file: a document as JSON (exact ids, weights) or plain text.
 * @throws StudioError `file-unreadable`, `prompt-invalid`, `prompt-empty`, `prompt-too-long`
 */
export async function readPromptFile(path: string): Promise<PromptSource> {
  return parsePromptFile(await readRegularFile(path, { maximumBytes }));
}
