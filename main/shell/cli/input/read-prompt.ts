import { StudioError } from '../../../../contract/errors.ts';
import type { PromptSource } from '../../../../contract/job.ts';
import { readPromptFile } from '../../../studio.ts';
import { UsageError } from '../usage-error.ts';

const MAXIMUM_CHARACTERS = 100_000;

/**
 * The prompt of a command: words on the command line, or `--prompt FILE`.
 * @throws UsageError with both or neither; StudioError `prompt-empty`, `prompt-too-long`, `prompt-invalid`, `file-unreadable`
 */
export async function readPrompt(words: readonly string[], file: string | undefined): Promise<PromptSource> {
  if (file !== undefined) {
    if (words.length > 0) throw new UsageError('Give a text or --prompt FILE, not both.');
    return readPromptFile(file);
  }
  if (words.length === 0) throw new UsageError('Give a text in quotes, or --prompt FILE.');
  const text = words.join(' ');
  if (text.trim() === '') {
    throw new StudioError('prompt-empty', 'The text is empty.', 'Write what the picture shall show.');
  }
  if (text.length > MAXIMUM_CHARACTERS) {
    const message = `The text has ${text.length.toLocaleString('en')} characters; at most ${MAXIMUM_CHARACTERS.toLocaleString('en')} are accepted.`;
    throw new StudioError('prompt-too-long', message, 'Shorten the text.', {
      characters: text.length,
      limit: MAXIMUM_CHARACTERS,
    });
  }
  return { type: 'text', text };
}
