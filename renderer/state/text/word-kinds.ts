import type { PackManifest } from '../../../contract/pack.ts';
import commonWords from './common-words.json' with { type: 'json' };

type World = NonNullable<PackManifest['world']>;

/** What a word of a picture's text speaks of. */
export const wordKinds = ['subject', 'colour', 'place', 'background', 'light', 'style'] as const;
export type WordKind = (typeof wordKinds)[number];

/** English words of a kind that hold for any pack: what a reader of pictures says beside the things it sees. */
const general: Readonly<Record<WordKind, readonly string[]>> = commonWords;
const kindOfGeneral = new Map(wordKinds.flatMap((kind) => general[kind].map((word) => [word, kind] as const)));

/** Words of one kind that a pack draws, in its own order: what a word can be exchanged for. */
interface WordsOfKind {
  /** The pack's own name of the kind where it has one, such as `animal`; otherwise one of `wordKinds`. */
  readonly name: string;
  readonly words: readonly string[];
}

/** Says of words what they speak of, by what a pack knows and by a list of common ones. An unknown word is of no kind. */
export class WordKinds {
  readonly #world: World | null;
  readonly #lists: readonly WordsOfKind[];

  constructor(world: World | null) {
    this.#world = world;
    const categories = new Set(world?.objects.map(({ category }) => category));
    this.#lists = [
      ...[...categories].map((name) => ({
        name,
        words: world?.objects.filter(({ category }) => category === name).map(({ word }) => word) ?? [],
      })),
      { name: 'colour', words: world?.colours ?? [] },
      { name: 'background', words: world?.backdrops ?? [] },
      { name: 'style', words: world?.styles ?? [] },
    ];
  }

  kindOf(text: string): WordKind | null {
    const word = text.toLowerCase();
    const world = this.#world;
    if (world?.objects.some((object) => object.word === word) === true) return 'subject';
    if (world?.colours.includes(word) === true) return 'colour';
    if (world?.styles.includes(word) === true) return 'style';
    if (world?.backdrops.includes(word) === true) return 'background';
    return kindOfGeneral.get(word) ?? null;
  }

  /** What the pack draws of the same kind as a word, without the word itself; null where the pack does not say. */
  others(text: string): WordsOfKind | null {
    const word = text.toLowerCase();
    const list = this.#lists.find(({ words }) => words.includes(word));
    return list === undefined ? null : { name: list.name, words: list.words.filter((one) => one !== word) };
  }
}
