import type { PackManifest } from '../../../contract/pack.ts';

type World = NonNullable<PackManifest['world']>;

/** What a word of a picture's text speaks of. */
export const wordKinds = ['subject', 'colour', 'place', 'background', 'light', 'style'] as const;
export type WordKind = (typeof wordKinds)[number];

/** English words of a kind that hold for any pack: what a reader of pictures says beside the things it sees. */
const general: Readonly<Record<WordKind, string>> = {
  subject:
    'subject person man woman child people face hand animal bird fish insect flower plant tree fruit food vehicle thing object building ' +
    'house one two three alone pair group large larger big bigger small smaller tiny huge tall upright tilted',
  colour:
    'red orange yellow green teal cyan blue purple violet pink magenta brown beige white grey gray black gold golden silver ' +
    'colourful colorful monochrome',
  place:
    'left right top bottom middle centre center upper lower leftmost rightmost topmost north south east west corner corners edge ' +
    'above below under over beside behind between near far front foreground facing placed floating standing sitting lying',
  background:
    'background backdrop horizon sky ground floor wall room sea ocean beach field forest mountain street city snow scene landscape ' +
    'pattern plain gradient stripes spots checker glow diagonal frame unframed',
  light:
    'light lit lighting bright dark pale dim shadow shadows shade sunny sunset sunrise night evening morning glowing soft hard ' +
    'balanced contrast',
  style:
    'style flat picture photo photograph painting drawing sketch illustration emoji icon cartoon render sticker watercolour watercolor ' +
    'oil ink pencil poster warm cool faded smooth detailed minimal vintage',
};
const kindOfGeneral = new Map(wordKinds.flatMap((kind) => general[kind].split(' ').map((word) => [word, kind] as const)));

/** Words of one kind that a pack draws, in its own order: what a word can be exchanged for. */
export interface WordsOfKind {
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
