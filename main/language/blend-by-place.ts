import type { WordKind } from './word-kind.ts';
import type { PictureWord } from './picture-words.ts';

/** A text whose words all have a place: nothing was left out of it. */
export interface PlacedText {
  readonly words: readonly string[];
  /** The places that name an object, in their order. */
  readonly objects: readonly number[];
}

/** Ends what is said of the objects: from here on it is where they are. */
const endings = new Set(['on', 'in', 'against', 'with']);
const seenKinds: ReadonlySet<WordKind> = new Set(['person', 'animal', 'vehicle', 'thing', 'food', 'plant']);

/**
 * @param known the words of the text that are known
 * @param subjects the objects a reader knows: where the text names any of them, nothing else is one
 */
export function placeWords(text: string, known: readonly PictureWord[], subjects: ReadonlySet<string>): PlacedText {
  const objects = known.filter(({ kind }) => seenKinds.has(kind));
  const named = objects.filter((word) => subjects.has(word.text));
  const words = text.split(/\s+/u).filter((word) => word !== '');
  return { words, objects: (named.length > 0 ? named : objects).map(({ index }) => index) };
}

/** Whether two texts name objects at the same places, as those of one reader with fixed places do. */
export function areAligned(a: PlacedText, b: PlacedText): boolean {
  if (a.words.length !== b.words.length || a.words.length < 4 || a.objects.length === 0) return false;
  // A person's sentence is no form to fill in.
  if ([...a.words, ...b.words].some((word) => /[.,;:!?]$/.test(word))) return false;
  const [spanA, spanB] = [findSpan(a), findSpan(b)];
  return a.objects.join(' ') === b.objects.join(' ') && spanA.from === spanB.from && spanA.to === spanB.to;
}

/** The places that tell of the objects, end exclusive: from what stands before the first to the word that begins the scene. */
function findSpan({ words, objects }: PlacedText): { readonly from: number; readonly to: number } {
  const first = objects[0] ?? 0;
  const last = objects.at(-1) ?? first;
  const ending = words.findIndex((word, at) => at > first && endings.has(word));
  const opening = words.findLastIndex((word, at) => at < first && (word === 'of' || word === 'a' || word === 'an'));
  // The first place tells the style, as the readers of the paper do.
  return { from: Math.max(opening + 1, Math.min(1, first)), to: ending < 0 ? last + 1 : ending };
}

/**
 * For two texts of one form: at which places the first one's word is taken so that its objects stand in the second one's scene. Those are
 * the places that tell of the objects, and every other one that repeats, in both texts, what one of those says.
 */
export function findObjectPlaces(object: PlacedText, scene: PlacedText): ReadonlySet<number> {
  const own = findSpan(object);
  const other = findSpan(scene);
  const from = Math.min(own.from, other.from);
  const to = Math.max(own.to, other.to);
  const places = new Set<number>();
  const said = new Set<string>();
  const pair = (at: number): string => `${object.words[at]} ${scene.words[at]}`;
  for (let at = from; at < to; at += 1) {
    places.add(at);
    said.add(pair(at));
  }
  object.words.forEach((_, at) => {
    if (at >= to && said.has(pair(at))) places.add(at);
  });
  return places;
}
