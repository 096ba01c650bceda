import type { PackManifest } from '../../../../contract/models/pack.ts';

/** Words of one kind that a pack draws, in its own order: what a word can be exchanged for. */
interface WordsOfKind {
  /** The pack's own name of the kind where it has one, such as `animal`; otherwise `colour`, `background` or `style`. */
  readonly name: string;
  readonly words: readonly string[];
}

/** What a pack draws of the same kind as a word, without the word itself; null where the pack does not say. */
export function wordsOfKind(world: PackManifest['world'] | null, text: string): WordsOfKind | null {
  if (world == null) return null;
  const word = text.toLowerCase();
  const lists: readonly WordsOfKind[] = [
    ...[...new Set(world.objects.map(({ category }) => category))].map((name) => ({
      name,
      words: world.objects.filter(({ category }) => category === name).map((object) => object.word),
    })),
    { name: 'colour', words: world.colours },
    { name: 'background', words: world.backdrops },
    { name: 'style', words: world.styles },
  ];
  const list = lists.find(({ words }) => words.includes(word));
  return list === undefined ? null : { name: list.name, words: list.words.filter((one) => one !== word) };
}
