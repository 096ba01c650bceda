import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gunzipSync } from 'node:zlib';
import { KeptSuccess } from '../running/kept-success.ts';
import { namedThings } from './named-things.ts';
import { ownWords } from './own-words.ts';
import type { WordKind } from './word-kind.ts';

/** What the studio knows of English words. */
export interface Lexicon {
  /** Null for a word it does not know: a name, or tokens that were glued together. In small letters. */
  kindOf(word: string): WordKind | null;
  /** The form under which two words count as the same: `valleys` and `valley`. */
  baseOf(word: string): string;
  /** A name of one person or place, which takes no article. */
  isName(word: string): boolean;
}

const irregular: ReadonlyMap<string, string> = new Map(
  Object.entries({
    people: 'person',
    women: 'woman',
    men: 'man',
    children: 'child',
    mice: 'mouse',
    geese: 'goose',
    feet: 'foot',
    teeth: 'tooth',
    leaves: 'leaf',
    wolves: 'wolf',
    knives: 'knife',
    colourful: 'colorful',
    grey: 'gray',
    forrest: 'forest',
    armour: 'armor',
    blk: 'black',
    redness: 'red',
  }),
);
/** Singular although they end in s. */
const singular = new Set(
  'glass grass dress canvas bus cactus lens christmas compass octopus iris atlas moss cross chess princess'.split(' '),
);

class StoredLexicon implements Lexicon {
  readonly #kinds: ReadonlyMap<string, WordKind>;
  readonly #names: ReadonlySet<string>;

  constructor(kinds: ReadonlyMap<string, WordKind>, names: ReadonlySet<string>) {
    this.#kinds = kinds;
    this.#names = names;
  }

  kindOf(word: string): WordKind | null {
    return this.#kinds.get(word) ?? this.#kinds.get(this.baseOf(word)) ?? null;
  }

  isName(word: string): boolean {
    return this.#names.has(word);
  }

  baseOf(word: string): string {
    const known = irregular.get(word);
    if (known !== undefined) return known;
    if (!word.endsWith('s') || word.endsWith('ss') || singular.has(word)) return word;
    const candidates = [
      ...(word.endsWith('ies') ? [`${word.slice(0, -3)}y`] : []),
      ...(/(?:s|x|z|ch|sh)es$/.test(word) ? [word.slice(0, -2)] : []),
      word.slice(0, -1),
    ];
    return candidates.find((candidate) => candidate.length > 2 && this.#kinds.has(candidate)) ?? word;
  }
}

const kept = new KeptSuccess(load);

/** Read at first use, then kept. */
export function loadLexicon(): Promise<Lexicon> {
  return kept.get();
}

let keptNow: Lexicon | null = null;

/** The same at once, for work that cannot wait: some tens of milliseconds the first time. */
export function loadLexiconNow(): Lexicon {
  keptNow ??= parseLexicon(gunzipSync(readFileSync(packedFile)));
  return keptNow;
}

const packedFile = new URL('./lexicon/words.txt.gz', import.meta.url);

async function load(): Promise<Lexicon> {
  return parseLexicon(await promisify(gunzip)(await readFile(packedFile)));
}

/** One line a kind: its name, with `!` for names of persons and places, then its words. */
function parseLexicon(unpacked: Buffer): Lexicon {
  const lines = unpacked.toString('utf8').trimEnd().split('\n');
  const kinds = new Map<string, WordKind>();
  const names = new Set<string>(namedThings.keys());
  for (const line of lines) {
    const [title = '', ...words] = line.split(' ');
    for (const word of words) kinds.set(word, title.replace('!', '') as WordKind);
    if (title.endsWith('!')) for (const word of words) names.add(word);
  }
  for (const [word, kind] of ownWords) kinds.set(word, kind);
  return new StoredLexicon(kinds, names);
}
