import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import type { AskExample, AskRequest } from '../../contract/texts/text-help.ts';
import type { WriterConnection } from '../../contract/outside/connection.ts';
import type { Writer, Written } from '../ports/writer.ts';
import { collectWriting } from './collect-writing.ts';
import { writeTalk } from './write-talk.ts';
import type { ExampleTurn } from './write-talk.ts';

export interface ModelQuestion extends Pick<AskRequest, 'want' | 'question' | 'language'> {
  /** The picture's text. */
  readonly text: string;
  /** Answered questions that are shown first. */
  readonly examples: readonly AskExample[];
  readonly connection: Pick<WriterConnection, 'id' | 'contextTokens' | 'answerTokens'>;
}

export interface ModelAnswer {
  readonly answer: string;
  /** False where the model says that the text does not tell. */
  readonly isTold: boolean;
  /** Words of the text that the model says it went by; it may name others. */
  readonly words: readonly string[];
}

/** What a model answers where the text does not tell; the examples say it in this word. */
const untold = 'unknown';

const form = {
  name: 'answer',
  schema: {
    type: 'object',
    properties: {
      answer: { type: 'string' },
      words: { type: 'array', items: { type: 'string' }, description: 'the words of the description that the answer rests on' },
    },
    required: ['answer', 'words'],
    additionalProperties: false,
  },
} as const;
const answerSchema = z.object({ answer: z.string().trim().min(1), words: z.array(z.string()).default([]) });

const systemFor = (language: string): string =>
  'You are given the description of a picture, made by a machine: it may repeat words, and some may be run together or broken off. Answer ' +
  `from the description alone. An answer to a question is as short as can be, a word or a few; where the description does not tell, it is "${untold}". ` +
  `Answer in ${language}, whatever language the examples are in; words of the description, and "${untold}", stay as they are. ` +
  'Answer with JSON that has two properties and nothing else: answer, and words, the words of the description that the answer rests on.';

const wishes: Readonly<Record<Exclude<AskRequest['want'], 'answer'>, string>> = {
  caption: 'Say in one plain sentence what the picture shows.',
  tags: 'Name what the picture shows as tags for a search, with commas between.',
  alt: 'Write the text that stands in place of the picture for somebody who cannot see it, one or two plain sentences.',
};

const put = (text: string, question: string): string => `Description: ${text}\n\nQuestion: ${question}`;

/** As the paper asks: a text, a question and its answer, as often as wanted, and then the text and the question that are meant. */
function toTurn({ text, question, answer }: AskExample): ExampleTurn {
  const said = answer.toLowerCase().split(/\s+/u);
  const words = [...new Set(text.split(/\s+/u).filter((word) => said.includes(word.toLowerCase())))];
  return [put(text, question), JSON.stringify({ answer, words })];
}

function readAnswer(written: string): ModelAnswer | null {
  const [from, to] = [written.indexOf('{'), written.lastIndexOf('}')];
  if (from < 0 || to < from) return null;
  try {
    const parsed = answerSchema.safeParse(JSON.parse(written.slice(from, to + 1).replaceAll(/[\n\t\r]+/gu, ' ')));
    if (!parsed.success) return null;
    const { answer, words } = parsed.data;
    return { answer, words, isTold: answer.toLowerCase().replace(/\.$/, '') !== untold };
  } catch {
    return null;
  }
}

/**
 * What a language model says to a question about a text. An answer that cannot be read is asked for once more.
 *
 * @param onUsage called after every answer, also one that is of no use
 * @throws StudioError `answer-unreadable` when neither can be read; as writeTalk and Writer.write do
 */
export async function askWithModel(
  writer: Writer,
  { text, want, question, language, examples, connection }: ModelQuestion,
  signal: AbortSignal,
  onUsage: (usage: Written['usage']) => Promise<void>,
): Promise<ModelAnswer> {
  const asked = put(text, want === 'answer' ? question : wishes[want]);
  const system = systemFor(language);
  const messages = writeTalk({ system, examples: examples.map(toTurn), question: asked }, connection);
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const { text: written, usage } = await collectWriting(writer.write({ system, messages, form }, signal));
    await onUsage(usage);
    const answer = readAnswer(written);
    if (answer !== null) return answer;
  }
  const hint = 'Choose another model or the built-in rules; small models often cannot keep to a form.';
  throw new StudioError('answer-unreadable', `${connection.id} gave no answer that can be read, twice.`, hint, {
    connection: connection.id,
  });
}
