import { StudioError } from '../../contract/errors.ts';
import type { WriterConnection } from '../../contract/connection.ts';
import type { WriterMessage } from '../ports/writer.ts';

/** A question as it was put before, and the answer as it shall be. */
export type ExampleTurn = readonly [question: string, answer: string];

export interface Talk {
  readonly system: string;
  readonly examples: readonly ExampleTurn[];
  readonly question: string;
}

/** A rough measure that does not know the model's own vocabulary. */
const charactersPerToken = 3;

/**
 * The examples as turns of a talk, as many as the model reads at once beside its answer, and then the question.
 *
 * @throws StudioError `prompt-too-long` where the question alone is more than it reads
 */
export function writeTalk(
  { system, examples, question }: Talk,
  { id, contextTokens, answerTokens }: Pick<WriterConnection, 'id' | 'contextTokens' | 'answerTokens'>,
): WriterMessage[] {
  const room =
    contextTokens === null ? Infinity : (contextTokens - answerTokens) * charactersPerToken - system.length - question.length;
  if (room < 0) {
    const hint = 'Choose a template with fewer words, a shorter text, or a model that reads more at once.';
    throw new StudioError('prompt-too-long', 'This is longer than the model reads at once.', hint, { connection: id });
  }
  const messages: WriterMessage[] = [];
  let used = 0;
  for (const [asked, answered] of examples) {
    used += asked.length + answered.length;
    if (used > room) break;
    messages.push({ role: 'user', text: asked }, { role: 'assistant', text: answered });
  }
  return [...messages, { role: 'user', text: question }];
}
