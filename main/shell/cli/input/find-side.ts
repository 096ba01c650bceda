import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { BlendSource } from '../../../../contract/texts/blend.ts';
import { StudioError } from '../../../../contract/errors.ts';
import type { Studio } from '../../../studio.ts';
import { readPromptFile } from '../../../studio.ts';
import type { CommandContext } from '../command-context.ts';
import { findPrompt, readPicture } from './find-prompt.ts';
import type { PromptWish } from './find-prompt.ts';

const TEXT_MARK = 'text:';

/**
 * One side of a blend: `text:…`, a prompt file (.txt, .md or .json), a picture file, or the id of a library item.
 * @throws StudioError `prompt-empty` for nothing after `text:`; as findPrompt and readPromptFile do
 */
export async function findSide(source: string, wish: PromptWish, studio: Studio, context: CommandContext): Promise<BlendSource> {
  if (source.startsWith(TEXT_MARK)) {
    const text = source.slice(TEXT_MARK.length).trim();
    if (text !== '') return { type: 'text', text };
    throw new StudioError('prompt-empty', 'There is nothing after text:', 'Write it as "text:a fox in the snow".');
  }
  const isFile = (await stat(source).catch(() => null)) !== null;
  if (isFile && ['.txt', '.md', '.json'].includes(extname(source).toLowerCase())) return readPromptFile(source);
  if (isFile) return { type: 'document', document: await readPicture(studio, source, wish, context) };
  return { type: 'document', document: (await findPrompt(source, wish, context)).document };
}
