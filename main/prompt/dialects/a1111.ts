import type { ExportOptions } from '../../../contract/texts/prompt.ts';
import { CLIP_TOKENS_PER_PASS } from '../count-budget.ts';
import { cleanLine } from './clean-text.ts';
import type { DialectInput, DialectOutput, WeightedWord } from './dialect.ts';
import { groupByWeight } from './group-by-weight.ts';
import { sizeForAspect } from './size-for-aspect.ts';
import { disarm } from './special-sequence.ts';
import { SPECIAL_SEQUENCES } from './special-sequences.ts';

/** Wider than the web UI's own pattern for `Key: value`, whose time grows with the square of a long line. */
const PARAMETER = /[\w \-/]:/g;
/** A last line with that many is read as parameters. */
const PARAMETERS_OF_A_BLOCK = 3;

/**
 * Text for AUTOMATIC1111's web UI and Forge: emphasis as `(words:1.2)`, and, when options are given, the block their "read generation parameters" button takes (`Negative prompt:` and `Steps: …` lines).
 * Whatever else has a meaning there is made harmless by `SPECIAL_SEQUENCES`.
 */
export function writeA1111({ words, options, budget }: DialectInput): DialectOutput {
  const notes: string[] = [];
  const prompt = writeWords(words, notes);
  const negative = writeWords(
    cleanLine(options.negative ?? '')
      .split(' ')
      .map((text) => ({ text, weight: 1 })),
    notes,
  );
  const lines = [prompt];
  if (negative !== '') lines.push(`Negative prompt: ${negative}`);
  const parameters = listParameters(options);
  // A prompt of the form "a: b, c: d, e: f" on the last line would be taken for parameters; a line after it prevents that.
  if (parameters.length > 0 || readsAsParameters(lines.at(-1) ?? '')) lines.push(fillBlock(parameters).join(', '));
  if (options.aspect !== undefined) {
    const { width, height } = sizeForAspect(options.aspect, 512, 8);
    notes.push(`The web UI takes a size: ${width}x${height} is ${options.aspect} at the area of SD 1.x; double it for SDXL.`);
  }
  if (lines.length > 1) {
    notes.push('Paste the whole block into the prompt field and press the button that reads generation parameters.');
  }
  if (budget.tokens > CLIP_TOKENS_PER_PASS) {
    const pieces = Math.ceil(budget.tokens / CLIP_TOKENS_PER_PASS);
    notes.push(`${budget.tokens} tokens are read in ${pieces} pieces of ${CLIP_TOKENS_PER_PASS}; nothing is cut.`);
  }
  return { text: lines.join('\n'), notes };
}

function writeWords(words: readonly WeightedWord[], notes: string[]): string {
  const table = SPECIAL_SEQUENCES.a1111;
  const safe = words.map((word) => ({ ...word, text: disarm(word.text, 'word', table, notes) }));
  const prompt = groupByWeight(safe)
    .map((group) => (group.weight === 1 ? group.text : `(${group.text}:${group.weight})`))
    .join(' ');
  return disarm(prompt, 'prompt', table, notes);
}

/** In the web UI's own order. */
function listParameters(options: ExportOptions): string[] {
  const size = options.aspect === undefined ? undefined : sizeForAspect(options.aspect, 512, 8);
  return [
    options.steps === undefined ? [] : [`Steps: ${options.steps}`],
    options.guidance === undefined ? [] : [`CFG scale: ${options.guidance}`],
    options.seed === undefined ? [] : [`Seed: ${options.seed}`],
    size === undefined ? [] : [`Size: ${size.width}x${size.height}`],
  ].flat();
}

/** The block is only recognised with three entries; the added ones are what the web UI assumes when they are missing. */
function fillBlock(parameters: readonly string[]): string[] {
  const neutral = ['Schedule type: Automatic', 'Clip skip: 1', 'RNG: GPU'];
  return [...parameters, ...neutral.slice(0, Math.max(0, PARAMETERS_OF_A_BLOCK - parameters.length))];
}

function readsAsParameters(line: string): boolean {
  return [...line.matchAll(PARAMETER)].length >= PARAMETERS_OF_A_BLOCK;
}
