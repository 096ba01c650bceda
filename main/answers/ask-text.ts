import type { AskAnswer, AskRequest } from '../../contract/text-help.ts';
import { visibleWords } from '../../contract/words.ts';
import { answerQuestion } from '../language/answer-question.ts';
import { readSide } from '../language/blend-texts.ts';
import { describeText } from '../language/describe-text.ts';
import { loadLexicon } from '../language/lexicon.ts';
import { renderPrompt } from '../prompt/render-prompt.ts';
import { loadClipTokenizer } from '../tokenizer/load-clip-tokenizer.ts';
import { findText } from './find-text.ts';
import { objectsOf } from './prepare-blend.ts';
import type { StudioServices } from './studio-services.ts';

/** Most tokens of a caption. */
const captionLimit = 75;

/**
 * Answers a question from a text alone, or says what it shows, with the words it rests on.
 * @throws StudioError as findText does
 */
export async function askText(services: StudioServices, { source, want, question }: AskRequest): Promise<AskAnswer> {
  const document = await findText(services, source);
  const lexicon = await loadLexicon();
  const isRead = document.sources.some(({ type }) => type === 'reading');
  const subjects = isRead ? await objectsOf(services, document.packId) : new Set<string>();
  const side = readSide(renderPrompt(document).text, { lexicon, subjects });
  const clip = await loadClipTokenizer();
  const { answer, isTold, evidence } =
    want === 'answer'
      ? answerQuestion(question, side, lexicon)
      : describeText(side, want, { limit: captionLimit, countTokens: (text) => clip.encode(text).length });
  const words = visibleWords(document.slots);
  return {
    answer,
    isTold,
    evidence: evidence.map(({ text, index }) => ({
      text,
      slotIds: words[index]?.slotIndices.flatMap((at) => document.slots[at]?.id ?? []) ?? [],
    })),
    document,
    by: 'rules',
  };
}
