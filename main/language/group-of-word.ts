import type { PackManifest } from '../../contract/models/pack.ts';
import { wordGroups } from '../../contract/texts/text-help.ts';
import type { SpokenGroup, WordGroup } from '../../contract/texts/text-help.ts';
import { isContentWord } from '../../contract/texts/words.ts';
import groupWords from './group-words.json' with { type: 'json' };
import type { Lexicon } from './lexicon.ts';
import type { WordKind } from './word-kind.ts';

/** Words that readers of pictures say of every picture: where a thing lies, what is behind it, how it was made. */
const readersWords: ReadonlyMap<string, WordGroup> = new Map(
  wordGroups.flatMap((group) => groupWords[group].map((word) => [word, group] as const)),
);

const groupOfKind: Readonly<Record<WordKind, WordGroup | 'none'>> = {
  person: 'subject',
  animal: 'subject',
  plant: 'subject',
  food: 'subject',
  vehicle: 'subject',
  thing: 'subject',
  clothing: 'subject',
  body: 'subject',
  shape: 'subject',
  place: 'background',
  light: 'light',
  colour: 'colour',
  material: 'style',
  medium: 'style',
  style: 'style',
  action: 'none',
  attribute: 'none',
  relation: 'none',
  verb: 'none',
  adverb: 'none',
  abstract: 'none',
  filler: 'none',
};

/** What a pack with a closed world says with a word; null where it says nothing of it. */
function groupInWorld(word: string, world: NonNullable<PackManifest['world']>): WordGroup | null {
  if (world.objects.some((object) => object.word.toLowerCase() === word || object.category.toLowerCase() === word))
    return 'subject';
  if (world.colours.includes(word)) return 'colour';
  if (world.styles.includes(word)) return 'style';
  return world.backdrops.includes(word) ? 'background' : null;
}

/**
 * What a word of a text about a picture speaks of: by the pack's own world, then by what readers of pictures say, then by the lexicon.
 * Capitals and punctuation around the word do not count.
 * @returns `none` for a word that speaks of nothing by itself; null for one that nobody knows
 */
export function groupOfWord(text: string, lexicon: Lexicon, world: PackManifest['world'] | null): SpokenGroup {
  const word = text.toLowerCase().replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  if (!isContentWord(word)) return 'none';
  const own = world == null ? null : groupInWorld(word, world);
  const known = own ?? readersWords.get(word) ?? readersWords.get(lexicon.baseOf(word));
  if (known !== undefined) return known;
  const kind = lexicon.kindOf(word);
  return kind === null ? null : groupOfKind[kind];
}
