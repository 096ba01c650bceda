import type { BlendChecks } from '../../contract/blend.ts';
import type { WriterConnection } from '../../contract/connection.ts';
import { StudioError } from '../../contract/errors.ts';
import type { WriterTemplate } from '../../contract/writer.ts';
import { checkBlend, passes } from '../language/check-blend.ts';
import type { BlendSide } from '../language/check-blend.ts';
import type { BlendTextsOptions } from '../language/blend-texts.ts';
import type { Writer, WriterMessage, Written } from '../ports/writer.ts';
import { blendAnswerForm, readAnswer, readPartialAnswer } from './read-answer.ts';
import type { BlendAnswer } from './read-answer.ts';
import { writeTalk } from './write-talk.ts';
import type { ExampleTurn } from './write-talk.ts';

export interface ModelBlendOrder {
  readonly a: BlendSide;
  readonly b: BlendSide;
  readonly options: BlendTextsOptions;
  readonly template: WriterTemplate;
  readonly connection: Pick<WriterConnection, 'id' | 'contextTokens' | 'answerTokens'>;
  /** The language the texts shall be in. */
  readonly language: string;
  /** What the artist asks for besides; empty for nothing. */
  readonly instruction: string;
}

export interface BlendProgress {
  readonly attempt: 1 | 2;
  readonly answer: BlendAnswer;
}

export interface ModelBlend {
  readonly answer: BlendAnswer;
  readonly checks: { readonly aPlusB: BlendChecks; readonly bPlusA: BlendChecks };
  readonly attempts: 1 | 2;
  /** Of all attempts together; null where the server says nothing. */
  readonly usage: Written['usage'];
  readonly isFormed: boolean;
}

/** A sentence may come back to its object; a list of facts may not. */
const mostTimesInSentences = 3;
const ask = (a: string, b: string): string => `A: ${a}\n\nB: ${b}`;

/** The template as a talk, with as many of its examples as the model reads at once. */
function toMessages({ a, b, template, connection, options, language, instruction }: ModelBlendOrder): {
  system: string;
  messages: WriterMessage[];
} {
  const system = template.system.replaceAll('{limit}', String(options.limit)).replaceAll('{language}', language);
  const question = instruction === '' ? ask(a.text, b.text) : `${ask(a.text, b.text)}\n\nFor both: ${instruction}`;
  const examples = template.examples.map((example): ExampleTurn => [
    ask(example.a, example.b),
    JSON.stringify({ aPlusB: example.aPlusB, bPlusA: example.bPlusA }),
  ]);
  return { system, messages: writeTalk({ system, examples, question }, connection) };
}

function check(answer: BlendAnswer, { a, b, options }: ModelBlendOrder): ModelBlend['checks'] {
  const rules = { ...options, mostTimes: mostTimesInSentences };
  return { aPlusB: checkBlend(answer.aPlusB, a, b, rules), bPlusA: checkBlend(answer.bPlusA, b, a, rules) };
}

function explain(name: string, checks: BlendChecks, object: BlendSide, scene: BlendSide, limit: number): string[] {
  const { subject, setting, repeats, glued, echo, fits } = checks;
  const wanted = object.parts.subject?.head.text ?? 'the main object';
  const unwanted = scene.parts.subject?.head.text ?? 'the other main object';
  const place = scene.parts.places[0]?.head.text ?? scene.parts.backdrop?.head.text ?? 'the scene';
  return [
    ...(subject ? [] : [`${name} must show ${wanted} and must not show ${unwanted}.`]),
    ...(setting ? [] : [`${name} must be set in the scene of the other text, with ${place}.`]),
    ...(repeats.length === 0 ? [] : [`${name} says these words too often: ${repeats.join(', ')}.`]),
    ...(glued.length === 0 ? [] : [`${name} has words that are none: ${glued.join(', ')}.`]),
    ...(echo ? [`${name} only repeats one of the texts.`] : []),
    ...(fits ? [] : [`${name} is longer than ${limit} tokens.`]),
  ];
}

const addUsage = (a: Written['usage'], b: Written['usage']): Written['usage'] =>
  a === null || b === null
    ? (a ?? b)
    : { inputTokens: a.inputTokens + b.inputTokens, outputTokens: a.outputTokens + b.outputTokens };

/**
 * A blend that a language model writes. An answer that cannot be read or does not pass is asked for once more, with the reason; what then
 * comes is given as it is, with its checks.
 *
 * @param onUsage called after every answer, also one that is of no use
 * @throws StudioError `answer-unreadable` when neither answer can be read; as Writer.write does
 */
export async function* blendWithModel(
  writer: Writer,
  order: ModelBlendOrder,
  signal: AbortSignal,
  onUsage: (usage: Written['usage']) => Promise<void>,
): AsyncGenerator<BlendProgress, ModelBlend, void> {
  const { system, messages } = toMessages(order);
  let talk = messages;
  let usage: Written['usage'] = null;
  let best: ModelBlend | null = null;
  for (const attempt of [1, 2] as const) {
    const written = yield* follow(writer, { system, messages: talk, form: blendAnswerForm }, attempt, signal);
    await onUsage(written.usage);
    usage = addUsage(usage, written.usage);
    const answer = readAnswer(written.text);
    const checks = answer === null ? null : check(answer, order);
    if (answer !== null && checks !== null) {
      best = { answer, checks, attempts: attempt, usage, isFormed: written.isFormed };
      if (passes(checks.aPlusB) && passes(checks.bPlusA)) return best;
    }
    const { a, b, options } = order;
    const reasons =
      checks === null
        ? [
            written.isWhole
              ? 'That was not JSON with the two properties aPlusB and bPlusA.'
              : 'The answer was too long and broke off.',
          ]
        : [...explain('aPlusB', checks.aPlusB, a, b, options.limit), ...explain('bPlusA', checks.bPlusA, b, a, options.limit)];
    talk = [
      ...messages,
      { role: 'assistant', text: written.text === '' ? '{}' : written.text },
      { role: 'user', text: `${reasons.join('\n')}\nWrite both again.` },
    ];
  }
  if (best !== null) return { ...best, attempts: 2, usage };
  const hint = 'Choose another model or the built-in rules; small models often cannot keep to a form.';
  throw new StudioError('answer-unreadable', `${order.connection.id} wrote no blend, twice.`, hint, {
    connection: order.connection.id,
  });
}

/** Passes on what there is of an answer while it is written. */
async function* follow(
  writer: Writer,
  order: Parameters<Writer['write']>[0],
  attempt: 1 | 2,
  signal: AbortSignal,
): AsyncGenerator<BlendProgress, Written, void> {
  const pieces = writer.write(order, signal);
  let text = '';
  try {
    for (;;) {
      const next = await pieces.next();
      if (next.done === true) return next.value;
      text += next.value;
      yield { attempt, answer: readPartialAnswer(text) };
    }
  } finally {
    // Whoever leaves in the middle ends the request.
    await pieces.return({ text, isWhole: false, isFormed: false, usage: null });
  }
}
