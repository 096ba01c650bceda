import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { listSource } from '../../contract/texts/prompt.ts';
import type { PromptDocument, TokenSource } from '../../contract/texts/prompt.ts';
import type { Writer, Written } from '../ports/writer.ts';

/** What a language model can do to a text. */
export type Rewriting = 'fluent' | 'expand' | 'translate';

const rules: Readonly<Record<Rewriting, string>> = {
  fluent: 'Write it as one or two plain, correct sentences. Keep everything it shows; say nothing twice and add nothing.',
  expand: 'Write it as a richer prompt: keep everything it shows, and add fitting detail of light, materials and setting.',
  translate: 'Translate it. Keep everything it shows and add nothing.',
};
const form = {
  name: 'text',
  schema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'], additionalProperties: false },
} as const;
const answerSchema = z.object({ text: z.string().trim().min(1) });

/** The template's name and version that tokens of such a text carry. */
export const rewritingTemplate = { name: 'polish', version: 1 } as const;

function readText(answer: string): string | null {
  const [from, to] = [answer.indexOf('{'), answer.lastIndexOf('}')];
  if (from < 0 || to < from) return null;
  try {
    const parsed = answerSchema.safeParse(JSON.parse(answer.slice(from, to + 1).replaceAll(/[\n\t\r]+/gu, ' ')));
    return parsed.success ? parsed.data.text : null;
  } catch {
    return null;
  }
}

/**
 * A text as a language model writes it anew.
 *
 * @param onUsage called after the answer, also when it is of no use
 * @throws StudioError `answer-unreadable`; as Writer.write does
 */
export async function rewriteWithModel(
  writer: Writer,
  order: { readonly text: string; readonly way: Rewriting; readonly language: string; readonly limit: number },
  signal: AbortSignal,
  onUsage: (usage: Written['usage']) => Promise<void>,
): Promise<string> {
  const { text, way, language, limit } = order;
  const system =
    'You are given the description of a picture, made by a machine: it may repeat words, and some may be run together or broken off. ' +
    `${rules[way]} At most ${limit} tokens, in ${language}. Answer with JSON that has the one property text, and nothing else.`;
  const writing = writer.write({ system, messages: [{ role: 'user', text }], form }, signal);
  for (;;) {
    const next = await writing.next();
    if (next.done !== true) continue;
    await onUsage(next.value.usage);
    const written = readText(next.value.text);
    if (written !== null) return written;
    const hint = 'Choose another model; small models often cannot keep to a form.';
    throw new StudioError('answer-unreadable', 'The language model wrote no text that can be read.', hint);
  }
}

/** Tokens that an edit brought in are credited to whoever wrote them. */
export function creditNew(before: PromptDocument, after: PromptDocument, writer: TokenSource): PromptDocument {
  const known = new Set(before.slots.map(({ id }) => id));
  const { sources, index } = listSource(after.sources, writer);
  return { ...after, sources, slots: after.slots.map((slot) => (known.has(slot.id) ? slot : { ...slot, source: index })) };
}
