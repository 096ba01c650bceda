import { builtInWriter } from '../../../contract/texts/blend.ts';
import { StudioError } from '../../../contract/errors.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import type { AskAnswer, AskExample, AskRequest } from '../../../contract/texts/text-help.ts';
import { visibleWords } from '../../../contract/texts/words.ts';
import { answerQuestion, untold } from '../../language/answer-question.ts';
import { readSide } from '../../language/blend-texts.ts';
import { describeText } from '../../language/describe-text.ts';
import { loadLexicon } from '../../language/lexicon.ts';
import { renderPrompt } from '../../prompt/render-prompt.ts';
import { loadClipTokenizer } from '../../tokenizer/load-clip-tokenizer.ts';
import { askWithModel } from '../../writers/ask-with-model.ts';
import { ownAskExamples } from '../../writers/own-ask-examples.ts';
import { findText } from '../../work/blending/find-text.ts';
import { objectsOf } from '../../work/blending/prepare-blend.ts';
import type { StudioServices } from '../studio-services.ts';

/** Most tokens of a caption. */
const captionLimit = 75;

/**
 * Answers a question from a text alone, or says what it shows, with the words it rests on.
 * @throws StudioError as findText does; for a language model `bad-request` where there are fewer examples than wanted, and as
 * ConnectionStore and askWithModel do
 */
export async function askText(services: StudioServices, request: AskRequest, signal: AbortSignal): Promise<AskAnswer> {
  const document = await findText(services, request.source);
  return request.writer === builtInWriter
    ? await askRules(services, request, document)
    : await askModel(services, request, document, signal);
}

type Evidence = AskAnswer['evidence'][number];

/** The words of a document with their slots, in their order. */
function evidenceIn({ slots }: PromptDocument): Evidence[] {
  return visibleWords(slots).map(({ text, slotIndices }) => ({
    text,
    slotIds: slotIndices.flatMap((at) => slots[at]?.id ?? []),
  }));
}

async function askRules(services: StudioServices, { want, question }: AskRequest, document: PromptDocument): Promise<AskAnswer> {
  const lexicon = await loadLexicon();
  const isRead = document.sources.some(({ type }) => type === 'reading');
  const subjects = isRead ? await objectsOf(services, document.packId) : new Set<string>();
  const side = readSide(renderPrompt(document).text, { lexicon, subjects });
  const clip = await loadClipTokenizer();
  const { answer, isTold, evidence } =
    want === 'answer'
      ? answerQuestion(question, side, lexicon)
      : describeText(side, want, { limit: captionLimit, countTokens: (text) => clip.encode(text).length });
  const words = evidenceIn(document);
  return {
    answer,
    isTold,
    evidence: evidence.map(({ text, index }) => ({ text, slotIds: words[index]?.slotIds ?? [] })),
    document,
    by: 'rules',
    writer: builtInWriter,
  };
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');

/** The words of the text that a model went by: those it names, or else those of its answer; a word that is said again counts once. */
function findEvidence(document: PromptDocument, named: readonly string[], answer: string): Evidence[] {
  const words = evidenceIn(document);
  const find = (texts: readonly string[]): Evidence[] => {
    const wanted = new Set(texts.flatMap((text) => text.split(/\s+/u)).map(plain));
    return words.filter(({ text }, at) => {
      const word = plain(text);
      return word !== '' && wanted.has(word) && words.findIndex((other) => plain(other.text) === word) === at;
    });
  };
  const found = find(named);
  return found.length > 0 ? found : find([answer]);
}

function takeExamples(shots: number, examples: readonly AskExample[]): readonly AskExample[] {
  if (shots <= examples.length) return examples.slice(0, shots);
  const message = `There are ${examples.length} examples, not ${shots}.`;
  throw new StudioError('bad-request', message, 'Ask for fewer, or give more examples.', { shots, examples: examples.length });
}

async function askModel(
  services: StudioServices,
  request: AskRequest,
  document: PromptDocument,
  signal: AbortSignal,
): Promise<AskAnswer> {
  const { want, question, language } = request;
  const examples = takeExamples(request.shots, request.examples ?? ownAskExamples);
  const { writer, model, count } = await services.openWriter(request.writer);
  const order = { text: renderPrompt(document).text, want, question, language, examples, connection: model };
  const { answer, isTold, words } = await askWithModel(writer, order, signal, count);
  return {
    answer: isTold ? answer : untold.answer,
    isTold,
    evidence: isTold ? findEvidence(document, words, answer) : [],
    document,
    by: 'model',
    writer: model.id,
  };
}
