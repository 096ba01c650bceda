import type { AnswersRequest, AnswersScore } from '../../contract/texts/evaluation.ts';
import { mean } from '../prompt/judged-sweep.ts';

/**
 * The soft accuracy of VQA, as its evaluation page describes it and its program (`vqaEval.py`) does it: both sides in plain form, and the mean
 * over every choice of all but one of people's answers of min(1, those that agree ÷ 3).
 */

const numbers = new Map('zero one two three four five six seven eight nine ten'.split(' ').map((word, at) => [word, String(at)]));
numbers.set('none', '0');
const articles = new Set(['a', 'an', 'the']);
const punctuation = [';', ':', '/', "'", '[', ']', '"', '(', ')', '=', '+', '\\', '_', '>', '<', '@', '`', ',', '?'];
/** With its apostrophes; where one or all of them are left out, it is written so. */
const contractions =
  "ain't aren't can't could've couldn't couldn't've didn't doesn't don't hadn't hadn't've hasn't haven't he'd he'd've he's how'd how'll how's " +
  "isn't it'd it'd've it'll ma'am mightn't mightn't've might've mustn't must've needn't not've o'clock oughtn't shan't " +
  "she'd've should've shouldn't shouldn't've somebody'd somebody'd've somebody'll somebody's someone'd someone'd've someone'll someone's " +
  "something'd something'd've something'll that's there'd there'd've there're there's they'd they'd've they'll they're they've 'twas wasn't " +
  "we'd've we've weren't what'll what're what's what've when's where'd where's where've who'd who'd've who'll who's who've why'll why're why's " +
  "won't would've wouldn't wouldn't've y'all y'all'll y'all'd've you'd you'd've you'll you're you've";

/** Every way to leave out at least one apostrophe. */
function withoutApostrophes(word: string): string[] {
  const pieces = word.split("'");
  const joints = pieces.length - 1;
  return Array.from({ length: 2 ** joints - 1 }, (_, kept) =>
    pieces.slice(1).reduce((text, piece, at) => text + ((kept >> at) & 1 ? "'" : '') + piece, pieces[0] ?? ''),
  );
}

const byShortened = new Map(
  contractions.split(' ').flatMap((word) => withoutApostrophes(word).map((short): [string, string] => [short, word])),
);

function withoutPunctuation(text: string): string {
  let plain = text;
  // As in "1,000": the comma goes, and with it all other marks.
  const hasThousands = /\d,\d/.test(text);
  for (const mark of punctuation) {
    const stands = text.includes(`${mark} `) || text.includes(` ${mark}`) || hasThousands;
    plain = plain.replaceAll(mark, stands ? '' : ' ');
  }
  return plain.replaceAll(/\.(?!\d)/g, '');
}

/** An answer in plain form: small letters, no punctuation, no articles, digits for the small numbers, and apostrophes where they belong. */
export function plainAnswer(answer: string): string {
  return withoutPunctuation(answer.replaceAll(/[\n\t]/g, ' ').trim())
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map((word) => numbers.get(word) ?? word)
    .filter((word) => !articles.has(word))
    .map((word) => byShortened.get(word) ?? word)
    .join(' ');
}

/** How right an answer is, 0..1, beside those of people. */
export function vqaAccuracy(answer: string, answers: readonly string[]): number {
  const given = plainAnswer(answer);
  const agrees = answers.map((one) => plainAnswer(one) === given);
  const all = agrees.filter(Boolean).length;
  const accuracies = agrees.map((own) => Math.min(1, (all - Number(own)) / 3));
  return mean(accuracies);
}

function meanBy(names: readonly (string | null)[], values: readonly number[]): Record<string, number> {
  const groups = new Map<string, number[]>();
  names.forEach((name, at) => {
    if (name === null) return;
    const group = groups.get(name) ?? [];
    group.push(values[at] ?? 0);
    groups.set(name, group);
  });
  return Object.fromEntries([...groups].map(([name, group]) => [name, mean(group)]));
}

/** The accuracy of many answers, and of those to each kind of question and with each kind of answer. */
export function scoreAnswers({ questions }: AnswersRequest): AnswersScore {
  const each = questions.map(({ answer, answers }) => vqaAccuracy(answer, answers));
  return {
    overall: mean(each),
    byQuestionType: meanBy(
      questions.map(({ questionType }) => questionType),
      each,
    ),
    byAnswerType: meanBy(
      questions.map(({ answerType }) => answerType),
      each,
    ),
    each,
  };
}
