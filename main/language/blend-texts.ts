import type { BlendChecks } from '../../contract/texts/blend.ts';
import { areAligned, findObjectPlaces, placeWords } from './blend-by-place.ts';
import type { PlacedText } from './blend-by-place.ts';
import { blendParts } from './blend-parts.ts';
import { checkBlend } from './check-blend.ts';
import type { BlendSide } from './check-blend.ts';
import { findParts } from './find-parts.ts';
import type { Lexicon } from './lexicon.ts';
import { readPictureWords } from './picture-words.ts';
import { textOf } from './sentence.ts';
import type { Letter, SaidWord } from './sentence.ts';

export interface BlendTextsOptions {
  readonly lexicon: Lexicon;
  /** Objects that the reader of the texts knows, in small letters; none for one that knows everything. */
  readonly subjects: ReadonlySet<string>;
  /** Most tokens of a text. */
  readonly limit: number;
  readonly countTokens: (text: string) => number;
}

export interface SaidBlend {
  readonly words: readonly SaidWord[];
  readonly checks: BlendChecks;
}

export interface TextBlend {
  /** The first text's main object in the second one's scene. */
  readonly aPlusB: SaidBlend;
  readonly bPlusA: SaidBlend;
  readonly warnings: readonly string[];
}

/** A text taken apart, for blending and checking. */
export function readSide(text: string, { lexicon, subjects }: Pick<BlendTextsOptions, 'lexicon' | 'subjects'>): BlendSide {
  const words = readPictureWords(text, lexicon, { subjects });
  return { text, words, parts: findParts(words) };
}

function sayByPlace(object: PlacedText, scene: PlacedText, of: Letter, to: Letter): SaidWord[] {
  const places = findObjectPlaces(object, scene);
  return scene.words.map((word, index) =>
    places.has(index) ? { text: object.words[index] ?? '', from: of, index } : { text: word, from: to, index },
  );
}

function warningsOf(a: BlendSide, b: BlendSide): string[] {
  return [a, b].flatMap(({ parts }, index) => {
    const name = index === 0 ? 'A' : 'B';
    return [
      ...(parts.subject === null ? [`No object was found in the text of ${name}.`] : []),
      ...(parts.places.length === 0 && parts.backdrop === null ? [`The text of ${name} names no place and no background.`] : []),
    ];
  });
}

/**
 * The blend that rules write. Texts of one reader whose objects stand at the same places are mixed place by place and keep their form;
 * of others a sentence is made from what each says.
 */
export function blendTexts(a: BlendSide, b: BlendSide, options: BlendTextsOptions): TextBlend {
  const { lexicon, subjects, limit, countTokens } = options;
  const placedA = placeWords(a.text, a.words, subjects);
  const placedB = placeWords(b.text, b.words, subjects);
  const byPlace = areAligned(placedA, placedB);
  const blend = (object: BlendSide, scene: BlendSide, of: Letter, to: Letter): SaidBlend => {
    const words = byPlace
      ? sayByPlace(of === 'a' ? placedA : placedB, to === 'a' ? placedA : placedB, of, to)
      : blendParts({ parts: object.parts, side: of }, { parts: scene.parts, side: to }, { limit, countTokens });
    const checks = checkBlend(textOf(words), object, scene, { lexicon, subjects, limit, countTokens, mostTimes: 1, byPlace });
    return { words, checks };
  };
  return { aPlusB: blend(a, b, 'a', 'b'), bPlusA: blend(b, a, 'b', 'a'), warnings: byPlace ? [] : warningsOf(a, b) };
}
