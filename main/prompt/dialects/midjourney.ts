import type { ExportOptions, MidjourneyVersion } from '../../../contract/texts/prompt.ts';
import { cleanLine } from './clean-text.ts';
import type { DialectInput, DialectOutput, WeightedWord } from './dialect.ts';
import { groupByWeight } from './group-by-weight.ts';
import { disarm } from './special-sequence.ts';
import { SPECIAL_SEQUENCES } from './special-sequences.ts';

/** Midjourney takes 32-bit seeds. */
const HIGHEST_SEED = 4_294_967_295;
/** The newest version that reads `::`, as public guides have it; they say that 7 and later read it as text. */
const LAST_VERSION_WITH_WEIGHTS = '6.1';
/** How each version is asked for, and whether it reads `::`, by the same guides. */
const VERSIONS: Readonly<Record<MidjourneyVersion, { readonly parameter: string; readonly weights: boolean }>> = {
  '6.1': { parameter: '--v 6.1', weights: true },
  '7': { parameter: '--v 7', weights: false },
  '8.1': { parameter: '--v 8.1', weights: false },
  'niji 6': { parameter: '--niji 6', weights: true },
  'niji 7': { parameter: '--niji 7', weights: false },
};
/** Gateways to the service take no more characters. */
const LONGEST_TEXT = 8192;

/**
 * Text for Midjourney: the words, then `--parameters`. Midjourney has no public interface and its own documentation was not
 * at hand, so all of this follows public guides to versions 6 to 8, which disagree in places; nothing here was tried against
 * the service, and the notes say so where it matters. Emphasis is `words::1.5`, which stands for the words before it, back to the last `::`.
 * Nothing in the text may act as syntax: `SPECIAL_SEQUENCES` lists what would.
 */
export function writeMidjourney({ words, options }: Pick<DialectInput, 'words' | 'options'>): DialectOutput {
  const notes: string[] = [];
  const heard = words.filter((word) => word.weight > 0);
  if (heard.length < words.length) notes.push('Words of weight 0 are left out.');
  const safe = heard.map((word) => ({ ...word, text: makeSafe(word.text, notes) })).filter((word) => word.text !== '');
  const prompt = writeWords(safe, options.midjourneyVersion, notes);
  const text = [prompt, ...listParameters(options, notes)].filter((part) => part !== '').join(' ');
  if (text.length > LONGEST_TEXT) {
    notes.push(`The text has ${text.length} characters; at ${LONGEST_TEXT} gateways to Midjourney refuse it.`);
  }
  return { text, notes };
}

function makeSafe(text: string, notes: string[]): string {
  return disarm(text, 'word', SPECIAL_SEQUENCES.midjourney, notes).trim();
}

function writeWords(words: readonly WeightedWord[], version: MidjourneyVersion | undefined, notes: string[]): string {
  const groups = groupByWeight(words);
  const asked = version === undefined ? null : VERSIONS[version];
  const plain = groups.map((group) => group.text).join(' ');
  if (groups.length < 2) {
    if (groups.some(({ weight }) => weight !== 1))
      notes.push('Weights there are shares of the whole: all words have the same, so none is written.');
    return asked === null ? plain : `${plain} ${asked.parameter}`;
  }
  if (asked?.weights === false) {
    notes.push(`Midjourney ${version} reads no weights, so they are left out; 6.1 and niji 6 read them.`);
    return `${plain} ${asked.parameter}`;
  }
  const weighed = groups.map((group) => `${group.text.replace(/:+$/, '')}::${group.weight}`).join(' ');
  if (asked !== null) return `${weighed} ${asked.parameter}`;
  notes.push(
    `Weights need version ${LAST_VERSION_WITH_WEIGHTS}, so --v ${LAST_VERSION_WITH_WEIGHTS} is added; newer versions read :: as text. This is what public guides say, not Midjourney itself: look at the first result.`,
  );
  return `${weighed} --v ${LAST_VERSION_WITH_WEIGHTS}`;
}

function listParameters(options: ExportOptions, notes: string[]): string[] {
  const parameters: string[] = [];
  if (options.aspect !== undefined) parameters.push(`--ar ${options.aspect}`);
  const unwanted = cleanLine(options.negative ?? '')
    .split(',')
    .map((item) =>
      item
        .trim()
        .split(' ')
        .map((word) => makeSafe(word, notes))
        .filter((word) => word !== '')
        .join(' '),
    )
    .filter((item) => item !== '');
  if (unwanted.length > 0) parameters.push(`--no ${unwanted.join(', ')}`);
  if (unwanted.length > 0 && options.midjourneyVersion === '8.1') {
    notes.push('Public guides disagree on whether Midjourney 8.1 reads --no: look at the first result.');
  }
  if (options.seed !== undefined && options.seed <= HIGHEST_SEED) parameters.push(`--seed ${options.seed}`);
  if (options.seed !== undefined && options.seed > HIGHEST_SEED) {
    notes.push(`Midjourney takes seeds up to ${HIGHEST_SEED}; ${options.seed} is left out.`);
  }
  if (options.steps !== undefined) notes.push('Midjourney has no setting for steps; it is left out.');
  if (options.guidance !== undefined) notes.push('Midjourney has no guidance scale; it is left out (--stylize is not the same).');
  return parameters;
}
