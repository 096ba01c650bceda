import { nameScheduler } from '../../metadata/name-scheduler.ts';
import { parseInfotext } from '../../metadata/readers/read-a1111.ts';
import { takeOut, takeSettings } from './dialect-reading.ts';
import type { DialectReading } from './dialect-reading.ts';
import { readAttention } from './weighted-text.ts';
import type { AttentionGrammar, WeightedText } from './weighted-text.ts';

const grammar: AttentionGrammar = {
  brackets: true,
  explicit: 'multiplies',
  escaped: new Set('()[]\\'),
  backslash: 'dropped',
  unclosed: 'counts',
};

/** A part of the text that the web UI reads and then drops, or draws with in a way of its own. */
const commands: readonly (readonly [RegExp, (found: string) => string])[] = [
  [/<[\p{L}\p{N}\p{M}_]+:[^>]*>/gu, (found) => `${found} loads a network, which the studio does not have; it is left out.`],
  [/#[^\n]*/g, (found) => `“${found}” is a comment.`],
  [/\bBREAK\b/g, () => 'BREAK begins a new piece of 75 tokens there; here the text goes on.'],
];

/** AUTOMATIC1111's web UI and Forge: a prompt, or the whole block with what is not wanted and the settings. */
export function readA1111(text: string): DialectReading {
  const { prompt, negative, parameters } = parseInfotext(text);
  const notes: string[] = [];
  const pieces = readWords(prompt, notes);
  const unwanted = readWords(negative, notes);
  if (unwanted.some(({ weight }) => weight !== 1)) notes.push('Weights of what is not wanted are left out; the words stay.');
  const [, width, height] = /^(\d+)x(\d+)$/.exec(parameters.get('Size') ?? '') ?? [];
  const sampler = parameters.get('Sampler');
  const scheduler =
    sampler === undefined ? null : nameScheduler(sampler, (parameters.get('Schedule type') ?? '').replace(/ .*$/, ''));
  if (sampler !== undefined && scheduler === null) notes.push(`The studio has no sampler ${sampler}.`);
  const model = parameters.get('Model');
  if (model !== undefined) notes.push(`It was drawn with the model ${model}.`);
  const steps = parameters.get('Steps');
  return {
    pieces,
    negative: joinPieces(unwanted),
    settings: takeSettings(
      { seed: parameters.get('Seed'), steps, guidance: parameters.get('CFG scale'), width, height, scheduler },
      notes,
    ),
    notes,
  };
}

function joinPieces(pieces: readonly WeightedText[]): string {
  return pieces
    .map(({ text }) => text)
    .join('')
    .replace(/\s+/gu, ' ')
    .trim();
}

function readWords(text: string, notes: string[]): WeightedText[] {
  let words = text;
  for (const [pattern, tell] of commands) words = takeOut(words, pattern, tell, notes);
  words = keepFirst(words, notes);
  const parts = words.split(/\bAND\b/);
  if (parts.length > 1) notes.push('AND draws several prompts at once; here they are one text.');
  return parts.flatMap((part, index) => {
    const pieces = readAttention(part, grammar);
    const weight = parts.length > 1 ? takePartWeight(pieces) : 1;
    const begun = index === 0 || pieces.length === 0 ? pieces : [{ text: ' ', weight: 1 }, ...pieces];
    return begun.map((piece) => ({ text: foldHash(piece.text), weight: piece.weight * weight }));
  });
}

/** `a AND b :0.5`: the number behind a part is its weight. */
function takePartWeight(pieces: WeightedText[]): number {
  const last = pieces.at(-1);
  const found = /^(.*?)\s*:\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*$/s.exec(last?.text.slice(-200) ?? '');
  if (last === undefined || found === null) return 1;
  const [, before = '', number] = found;
  pieces[pieces.length - 1] = { ...last, text: last.text.slice(0, Math.max(0, last.text.length - 200)) + before };
  return Number(number);
}

/** `[cat:dog:0.5]`, `[dog:0.5]`, `[cat::0.5]` and `[cat|dog]` change while a picture is drawn; the first that is drawn is kept. */
function keepFirst(text: string, notes: string[]): string {
  const scheduled = /(?<!\\)\[([^[\]:|\\]*):(?:([^[\]:|\\]*):)?\s*(?:\d+\.?\d*|\.\d+)\s*\]|(?<!\\)\[([^[\]|\\]*)\|[^[\]\\]*\]/g;
  return text.replace(scheduled, (found, from: string | undefined, to: string | undefined, first: string | undefined) => {
    const kept = first ?? (from === undefined || from.trim() === '' ? (to ?? '') : from);
    notes.push(`${found.slice(0, 200)} changes while the picture is drawn; “${kept.trim().slice(0, 100)}” is kept.`);
    return kept;
  });
}

/** The writer's sign for #, which begins a comment there. */
const foldHash = (text: string): string => text.replaceAll('＃', '#');
