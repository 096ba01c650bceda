import { builtInWriter } from '../../../contract/texts/blend.ts';
import type { Blend, BlendEvent, BlendRequest } from '../../../contract/texts/blend.ts';
import type { TokenSource } from '../../../contract/texts/prompt.ts';
import { blendTexts } from '../../language/blend-texts.ts';
import { passes } from '../../language/check-blend.ts';
import { creditWords } from '../../language/credit-words.ts';
import { blendWithModel } from '../../writers/blend-with-model.ts';
import type { ModelBlend } from '../../writers/blend-with-model.ts';
import { prepareBlend, presentBlend, presentText, warnOfPack } from './prepare-blend.ts';
import type { PreparedBlend } from './prepare-blend.ts';
import type { JobServices } from '../../services/job-services.ts';

/** The template that is used where none is named. */
const defaultTemplate = 'blend';

/**
 * A blend, and what there is of it while a language model writes.
 * @throws StudioError as prepareBlend, ConnectionStore and blendWithModel do; the signal's reason
 */
export async function* streamBlend(
  services: JobServices,
  request: BlendRequest,
  signal: AbortSignal,
): AsyncGenerator<BlendEvent, void, void> {
  yield* streamPrepared(services, await prepareBlend(services, request), request, signal);
}

/** How a blend of texts that are prepared is written. */
export type BlendWish = Pick<BlendRequest, 'writer' | 'templateId' | 'language' | 'instruction'>;

/**
 * The same of texts that were prepared before.
 * @throws StudioError as openWriter, TemplateStore and blendWithModel do; the signal's reason
 */
export async function* streamPrepared(
  services: JobServices,
  prepared: PreparedBlend,
  request: BlendWish,
  signal: AbortSignal,
): AsyncGenerator<BlendEvent, void, void> {
  const { a, b } = prepared.sides;
  const byRules = presentBlend(prepared, blendTexts(a, b, prepared.options));
  if (request.writer === builtInWriter) {
    yield { type: 'done', blend: byRules };
    return;
  }
  const opened = await services.openWriter(request.writer);
  const template = services.templates.find(request.templateId ?? defaultTemplate);
  const { language, instruction } = request;
  const order = { a, b, options: prepared.options, template, connection: opened.model, language, instruction };
  const writing = blendWithModel(opened.writer, order, signal, opened.count);
  try {
    for (;;) {
      const next = await writing.next();
      if (next.done === true) {
        const { id: provider, model } = opened.model;
        const writer: TokenSource = {
          type: 'language',
          provider,
          model,
          template: { name: template.id, version: template.version },
        };
        yield { type: 'done', blend: presentModelBlend(prepared, next.value, writer, byRules) };
        return;
      }
      const { attempt, answer } = next.value;
      yield { type: 'writing', attempt, ...answer };
    }
  } finally {
    await writing.return(undefined as never);
  }
}

function presentModelBlend(prepared: PreparedBlend, blend: ModelBlend, writer: TokenSource, byRules: Blend): Blend {
  const { sides, options } = prepared;
  const { answer, checks, attempts, usage, isFormed } = blend;
  const present = (text: string, objectOf: 'a' | 'b') =>
    presentText(prepared, creditWords(text, sides.a, sides.b, objectOf, options.lexicon), writer);
  const texts = { aPlusB: present(answer.aPlusB, 'a'), bPlusA: present(answer.bPlusA, 'b') };
  const passed = passes(checks.aPlusB) && passes(checks.bPlusA);
  return {
    a: byRules.a,
    b: byRules.b,
    ...texts,
    writer: writer.type === 'language' ? writer.provider : builtInWriter,
    checks,
    warnings: [
      ...(passed
        ? []
        : [
            'The answer does not pass the checks, and did not when it was asked again with the reason. The built-in blend is beside it.',
          ]),
      ...(attempts === 2 && passed ? ['The first answer did not pass the checks; this is the second.'] : []),
      ...(isFormed ? [] : ['This server does not keep answers to a form; its answer was read as it came.']),
      ...warnOfPack(prepared, [texts.aPlusB, texts.bPlusA]),
    ],
    builtIn: passed ? null : { aPlusB: byRules.aPlusB, bPlusA: byRules.bPlusA, checks: byRules.checks },
    usage,
  };
}
