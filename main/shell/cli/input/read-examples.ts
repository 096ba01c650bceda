import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { StudioError } from '../../../../contract/errors.ts';
import { askExampleSchema } from '../../../../contract/texts/text-help.ts';
import type { AskExample } from '../../../../contract/texts/text-help.ts';

/**
 * Answered questions from a file: a JSON array of them, or one a line. A line that holds more than that, as those that `ask` writes do, is
 * read for its text, question and answer.
 *
 * @throws StudioError `bad-request` for what is none; errors of the file system pass through
 */
export async function readExamples(path: string): Promise<AskExample[]> {
  const content = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '').trim();
  const read = z.array(askExampleSchema).safeParse(parse(content));
  if (read.success && read.data.length > 0) return read.data;
  const hint = 'Write one a line: {"text":"a red robot on a road","question":"What is red?","answer":"robot"}.';
  const issue = read.error?.issues[0];
  const where = issue === undefined ? '' : ` (${[...issue.path, issue.message].join(' ')})`;
  throw new StudioError('bad-request', `${path} holds no answered questions${where}.`, hint, { path });
}

function parse(content: string): unknown {
  try {
    if (content.startsWith('[')) return JSON.parse(content);
    return content.split(/\r?\n/u).flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line) as unknown]));
  } catch {
    return null;
  }
}
