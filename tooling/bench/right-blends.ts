import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { blendTexts, readSide } from '../../main/language/blend-texts.ts';
import type { BlendTextsOptions } from '../../main/language/blend-texts.ts';
import { passes } from '../../main/language/check-blend.ts';
import { textOf } from '../../main/language/sentence.ts';

async function readTexts<Of>(name: string, schema: z.ZodType<Of>): Promise<Of> {
  return schema.parse(JSON.parse(await readFile(new URL(`../../test/fixtures/${name}`, import.meta.url), 'utf8')));
}

const pageSchema = z.object({
  texts: z.array(
    z.object({
      name: z.string(),
      subject: z.array(z.string()),
      setting: z.array(z.string()),
      landscape: z.boolean().default(false),
      text: z.string(),
    }),
  ),
});
/** A text that the De-Diffusion project page prints, with the words that a person took for what is shown and for where it is. */
export type LabelledText = z.infer<typeof pageSchema>['texts'][number];

export interface LabelledBlend {
  readonly a: LabelledText;
  readonly b: LabelledText;
  /** A's object in B's scene. */
  readonly text: string;
  readonly passed: boolean;
}

/** The page's texts of 75 tokens. */
export const readPageTexts = async (): Promise<readonly LabelledText[]> =>
  (await readTexts('de-diffusion-texts.json', pageSchema)).texts;

/** Each with every other, both ways, by the rules. */
export function blendPageTexts(texts: readonly LabelledText[], options: BlendTextsOptions): LabelledBlend[] {
  const sides = texts.map((one) => ({ ...one, side: readSide(one.text, options) }));
  return sides.flatMap((a, index) =>
    sides.slice(index + 1).flatMap((b): LabelledBlend[] => {
      const { aPlusB, bPlusA } = blendTexts(a.side, b.side, options);
      return [
        { a, b, text: textOf(aPlusB.words), passed: passes(aPlusB.checks) },
        { a: b, b: a, text: textOf(bPlusA.words), passed: passes(bPlusA.checks) },
      ];
    }),
  );
}

export const wordsIn = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];

/** As a person labelled the texts: what A shows and nothing that B shows, where B is and nowhere that only A is. */
export function isRight({ a, b, text }: LabelledBlend, { lexicon }: Pick<BlendTextsOptions, 'lexicon'>): boolean {
  const bases = (words: readonly string[]): Set<string> => new Set(words.map((word) => lexicon.baseOf(word)));
  const said = bases(wordsIn(text));
  const has = (words: readonly string[]): boolean => [...bases(words)].some((base) => said.has(base));
  const ofA = bases([...a.subject, ...wordsIn(a.text)]);
  const ofB = bases(wordsIn(b.text));
  // Who stands in a landscape has it as the scene.
  const strange = !b.landscape && [...bases(b.subject)].some((base) => said.has(base) && !ofA.has(base));
  const elsewhere = [...bases(a.setting)].some((base) => said.has(base) && !ofB.has(base) && !bases(a.subject).has(base));
  return has(a.subject) && has(b.setting) && !strange && !elsewhere;
}

const joins = /^(?:a|an|and|in|with|the|at|of|on)$/;
const broken = /\ba [aeio]\w|\ban [^aeiou\W]|,,|, ?$|\b(\w+) \1\b|\b(?:a|an|the|in|with|and|against),/;

/** What no blend may have, in words: content said again, tokens glued together, an article or a comma where none can be. */
export function faultsOf(text: string, { lexicon }: Pick<BlendTextsOptions, 'lexicon'>): string[] {
  const content = wordsIn(text).filter((word) => !joins.test(word));
  const bases = content.map((word) => lexicon.baseOf(word));
  return [
    ...content.filter((_, at) => bases.indexOf(bases[at] ?? '') < at).map((word) => `${word} is said again`),
    ...content.filter((word) => lexicon.kindOf(word) === null && !lexicon.isName(word)).map((word) => `${word} is no word`),
    ...(broken.exec(text) ?? []).slice(0, 1).map((part) => `“${part}” is no English`),
  ];
}

const worldSchema = z.object({ scenes: z.array(z.record(z.string(), z.string())) });
/** What a scene of the embedded pack's world shows, and its texts. */
export type WorldScene = z.infer<typeof worldSchema>['scenes'][number];
export const readWorldScenes = async (): Promise<readonly WorldScene[]> =>
  (await readTexts('world-texts.json', worldSchema)).scenes;

/**
 * For each of the scenes with each later one: whether the rules' blend of their texts has A's objects with B's backdrop, colours and style, and
 * no object of B.
 *
 * @param length tokens of the texts
 * @param options `subjects` are the objects of that world
 */
export function judgeWorldBlends(scenes: readonly WorldScene[], length: number, options: BlendTextsOptions): boolean[] {
  const sides = scenes.map((scene) => ({ scene, side: readSide(scene[`text${length}`] ?? '', options) }));
  return sides.flatMap((a, index) =>
    sides.slice(index + 1).map((b) => {
      const words = blendTexts(a.side, b.side, options).aPlusB.words.map(({ text }) => text);
      const wanted = [a.scene['object'], a.scene['otherobject'], b.scene['style'], b.scene['backdrop'], b.scene['colour']];
      const strange = [b.scene['object'], b.scene['otherobject']].filter((one) => !wanted.includes(one));
      return wanted.every((word) => words.includes(word ?? '')) && !strange.some((word) => words.includes(word ?? ''));
    }),
  );
}
