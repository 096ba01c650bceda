import { areAligned, findObjectPlaces, placeWords } from './blend-by-place.ts';
import type { PlacedText } from './blend-by-place.ts';
import { blendParts } from './blend-parts.ts';
import type { BlendTextsOptions, SaidBlend } from './blend-texts.ts';
import { checkBlend } from './check-blend.ts';
import type { BlendSide } from './check-blend.ts';
import { letters, textOf } from './sentence.ts';
import type { Letter, SaidWord } from './sentence.ts';

/** One blend of several texts: what each of them gives, by its place among them. */
export interface SeveralBlend extends SaidBlend {
  readonly objects: readonly number[];
  readonly scene: number;
  readonly look: number;
}

interface Source {
  readonly side: BlendSide;
  readonly letter: Letter;
  readonly place: number;
  readonly placed: PlacedText;
}

/** Texts of one form: the first one's objects, the last one's style, which stands first, and all else as the scene has it. */
function sayByPlace(object: Source, scene: Source, look: Source): SaidWord[] {
  const places = findObjectPlaces(object.placed, scene.placed);
  return scene.placed.words.map((word, index): SaidWord => {
    const from = places.has(index) ? object : index === 0 ? look : scene;
    return { text: from === scene ? word : (from.placed.words[index] ?? ''), from: from.letter, index };
  });
}

function blendInTurn(sources: readonly Source[], options: BlendTextsOptions): SeveralBlend | null {
  const [first, ...rest] = sources;
  const [scene, look] = rest.slice(-2);
  if (first === undefined || scene === undefined || look === undefined) return null;
  const beside = rest.slice(0, -2);
  const byPlace = beside.length === 0 && rest.every(({ placed }) => areAligned(first.placed, placed));
  const toParts = ({ side, letter }: Source) => ({ parts: side.parts, side: letter });
  const others = { beside: beside.map(toParts), look: toParts(look) };
  const words = byPlace ? sayByPlace(first, scene, look) : blendParts(toParts(first), toParts(scene), options, others);
  const checks = checkBlend(textOf(words), first.side, scene.side, {
    ...options,
    mostTimes: 1,
    others: [...beside, look].map(({ side }) => side),
    byPlace,
  });
  return { objects: [first, ...beside].map(({ place }) => place), scene: scene.place, look: look.place, words, checks };
}

/**
 * Blends of three to six texts by rules, one that begins with each: the last of its turn gives colours, style and medium, the one before it the
 * scene and its light, and all others their main objects.
 */
export function blendSeveral(sides: readonly BlendSide[], options: BlendTextsOptions): SeveralBlend[] {
  const sources = sides.flatMap((side, place): Source[] => {
    const letter = letters[place];
    return letter === undefined ? [] : [{ side, letter, place, placed: placeWords(side.text, side.words, options.subjects) }];
  });
  return sources.flatMap((_, start) => blendInTurn([...sources.slice(start), ...sources.slice(0, start)], options) ?? []);
}
