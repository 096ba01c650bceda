import type { WordKind } from './word-kind.ts';
import type { PictureWord } from './picture-words.ts';

/** Words that stand together and are read as one: what goes before, and the word that is meant. */
export interface Phrase {
  readonly before: readonly PictureWord[];
  readonly head: PictureWord;
}

/** What a text says of its picture, taken apart. Each list holds a word once, the most telling first. */
export interface PictureParts {
  /** What the picture shows first of all; null where the text names nothing. */
  readonly subject: Phrase | null;
  /** A second one of the same kind that is as present as the first. */
  readonly companion: Phrase | null;
  readonly clothing: Phrase | null;
  readonly action: PictureWord | null;
  /** Where it is. `relation` is the text's own word before it. */
  readonly places: readonly (Phrase & { readonly relation: string | null })[];
  /** What lies behind everything: the word `background` and what tells of it. */
  readonly backdrop: Phrase | null;
  readonly light: readonly PictureWord[];
  readonly colours: readonly PictureWord[];
  readonly styles: readonly PictureWord[];
  readonly medium: PictureWord | null;
  /** Bases of everything that may be what the picture shows, which another picture's text must not take over. */
  readonly subjectBases: ReadonlySet<string>;
}

/** How likely a thing of that kind is what a picture is taken of. */
const presence: Partial<Record<WordKind, number>> = {
  person: 3,
  animal: 3.5,
  vehicle: 2.5,
  thing: 2,
  food: 1.5,
  plant: 0.8,
  body: 0.9,
  shape: 0.7,
  clothing: 0.4,
  place: 1,
  medium: 0.25,
};
/** As often a sign as a thing in the sky; a place only where something is said to be near it. */
const emblems = new Set(['star', 'moon']);
const modifiers: ReadonlySet<WordKind> = new Set(['attribute', 'colour', 'material', 'style', 'light']);
const backdrops = new Set(['background', 'backdrop']);
/** Stand alone, not before what they tell of. */
const alone = new Set('shadow darkness gloom blur haze reflection light spotlight'.split(' '));
const isModifier = ({ kind, base, text }: PictureWord): boolean =>
  modifiers.has(kind) && !alone.has(base) && (text === base || !text.endsWith('s'));
const mostModifiers = 2;

const animate: ReadonlySet<WordKind> = new Set(['person', 'animal']);
/** General words for the same: a cat is an animal, a singer a woman. They say less than the others. */
const general = new Set([
  'person',
  'woman',
  'man',
  'boy',
  'girl',
  'lady',
  'male',
  'female',
  'canine',
  'feline',
  'vehicle',
  'people',
  'silhouette',
  'star',
  'water',
]);

function countBases(words: readonly PictureWord[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { base } of words) counts.set(base, (counts.get(base) ?? 0) + 1);
  return counts;
}

/** The form of a base that the text has most often. */
function likeliestForm(words: readonly PictureWord[], base: string): PictureWord | null {
  const forms = new Map<string, { word: PictureWord; count: number }>();
  for (const word of words) {
    if (word.base !== base) continue;
    const known = forms.get(word.text);
    forms.set(word.text, { word: known?.word ?? word, count: (known?.count ?? 0) + 1 });
  }
  return [...forms.values()].sort((a, b) => b.count - a.count)[0]?.word ?? null;
}

/** Most frequent first, each base once; in their order where they are as frequent. */
function unique(words: readonly PictureWord[]): PictureWord[] {
  const counts = countBases(words);
  const first = new Map<string, PictureWord>();
  for (const word of words) if (!first.has(word.base)) first.set(word.base, word);
  return [...first.values()].sort((a, b) => (counts.get(b.base) ?? 0) - (counts.get(a.base) ?? 0));
}

/** What tells of a word: the modifiers right before any of its occurrences, with nothing in between. */
function phraseOf(words: readonly PictureWord[], head: PictureWord, nouns: ReadonlySet<WordKind> = new Set()): Phrase {
  let longest: readonly PictureWord[] = [];
  const first: PictureWord[] = [];
  words.forEach((word, at) => {
    if (word.base !== head.base) return;
    const before: PictureWord[] = [];
    for (let back = at - 1; back >= 0 && before.length < mostModifiers; back -= 1) {
      const candidate = words[back];
      const nextIndex = words[back + 1]?.index ?? 0;
      if (candidate === undefined || nextIndex - candidate.index > 1) break;
      if (candidate.base === head.base || before.some(({ base }) => base === candidate.base)) continue;
      const isNoun = nouns.has(candidate.kind) && candidate.text === candidate.base && !general.has(candidate.base);
      if (isNoun && first.length === 0) first.push(candidate);
      if (!isModifier(candidate)) break;
      before.unshift(candidate);
    }
    if (before.length > longest.length) longest = before;
  });
  return { before: [...longest, ...first], head };
}

/** A picture is one "of" something, with words of its own kind in between. */
function namedByOf(words: readonly PictureWord[]): string[] {
  const of = words.findIndex(({ text, index }) => text === 'of' && index < 15);
  if (of < 0) return [];
  const next = words.slice(of + 1).find(({ kind }) => !modifiers.has(kind));
  return next === undefined ? [] : [next.base];
}

function findSubjects(words: readonly PictureWord[]): PictureWord[] {
  const seen = words.filter(({ kind }) => presence[kind] !== undefined);
  const counts = countBases(seen);
  const early = words.length * 0.35;
  const named = new Set(namedByOf(words));
  const rate = (word: PictureWord): number => {
    const first = seen.find(({ base }) => base === word.base)?.index ?? 0;
    const start = first <= early ? 1.6 : 1;
    const isNamed = named.has(word.base) ? 1.5 : 1;
    const isGeneral = general.has(word.base) ? 0.75 : 1;
    return (counts.get(word.base) ?? 0) ** 0.8 * (presence[word.kind] ?? 0) * start * isNamed * isGeneral;
  };
  return unique(seen)
    .filter(({ base }) => !backdrops.has(base))
    .sort((a, b) => rate(b) - rate(a));
}

/** The last word before a place that says how things lie to it, if nothing but its own modifiers is in between. */
function relationBefore(words: readonly PictureWord[], at: number): string | null {
  for (let back = at - 1; back >= Math.max(0, at - 4); back -= 1) {
    const word = words[back];
    if (word?.kind === 'relation') return word.text;
    if (word !== undefined && !modifiers.has(word.kind) && word.kind !== 'filler' && word.kind !== 'place') return null;
  }
  return null;
}

function findPlaces(words: readonly PictureWord[], taken: ReadonlySet<string>): PictureParts['places'] {
  const from = words.filter(
    (word) => (word.kind === 'place' || word.kind === 'plant') && !backdrops.has(word.base) && !taken.has(word.base),
  );
  return unique(from).flatMap((found) => {
    const head = likeliestForm(words, found.base) ?? found;
    const relations = words.flatMap((word, at) => (word.base === head.base ? [relationBefore(words, at)] : []));
    const relation = relations.find((one) => one !== null) ?? null;
    return relation === null && emblems.has(found.base) ? [] : [{ ...phraseOf(words, head), relation }];
  });
}

/** Takes a text apart: what it shows, where that is, and how it looks. */
export function findParts(words: readonly PictureWord[]): PictureParts {
  const content = words.filter(({ kind }) => !['filler', 'verb', 'adverb', 'abstract'].includes(kind));
  const ranked = findSubjects(content);
  const [first] = ranked;
  const subject = first === undefined ? null : (likeliestForm(content, first.base) ?? first);
  const counts = countBases(content);
  const beside = ranked.find(
    (word) =>
      subject !== null &&
      word.kind === subject.kind &&
      animate.has(word.kind) &&
      word.base !== subject.base &&
      !general.has(word.base) &&
      (counts.get(word.base) ?? 0) >= 3,
  );
  const subjectBases = new Set(content.filter(({ kind }) => animate.has(kind)).map(({ base }) => base));
  // A landscape is what its picture shows and where that is, both.
  if (subject !== null && subject.kind !== 'place') subjectBases.add(subject.base);
  const clothing = content.find(({ kind }) => kind === 'clothing');
  const start = content.find(({ base }) => base === subject?.base || base === beside?.base)?.index ?? 0;
  const acts = subject !== null && subject.kind !== 'place' && subject.kind !== 'food' && subject.kind !== 'shape';
  const action = acts ? content.find(({ kind, index }) => kind === 'action' && index >= start && index < start + 14) : undefined;
  const backdrop = content.filter(({ base }) => backdrops.has(base)).at(-1);
  const nouns = new Set<WordKind>(['person', 'animal', 'thing', 'vehicle', 'food']);
  const phrase = subject === null ? null : phraseOf(content, subject, nouns);
  return {
    subject: phrase,
    companion: beside === undefined ? null : phraseOf(content, likeliestForm(content, beside.base) ?? beside, nouns),
    clothing: clothing === undefined ? null : phraseOf(content, clothing),
    action: action ?? null,
    places: findPlaces(content, subjectBases),
    backdrop: backdrop === undefined ? null : phraseOf(content, backdrop),
    light: unique(content.filter((word) => word.kind === 'light' && phrase?.before.includes(word) !== true)),
    // The object's own colour is none of the scene.
    colours: unique(content.filter((word) => word.kind === 'colour' && phrase?.before.includes(word) !== true)),
    styles: unique(content.filter(({ kind }) => kind === 'style')),
    medium: unique(content.filter(({ kind, base }) => kind === 'medium' && base !== subject?.base))[0] ?? null,
    subjectBases,
  };
}
