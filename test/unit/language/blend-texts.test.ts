import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { blendTexts, readSide } from '../../../main/language/blend-texts.ts';
import type { BlendTextsOptions } from '../../../main/language/blend-texts.ts';
import { passes } from '../../../main/language/check-blend.ts';
import { loadLexicon } from '../../../main/language/lexicon.ts';
import { textOf } from '../../../main/language/sentence.ts';
import { loadClipTokenizer } from '../../../main/tokenizer/load-clip-tokenizer.ts';

const fixture = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8'));
const labelled = z
  .object({
    texts: z.array(
      z.object({
        name: z.string(),
        subject: z.array(z.string()),
        setting: z.array(z.string()),
        landscape: z.boolean().default(false),
        text: z.string(),
      }),
    ),
  })
  .parse(fixture('de-diffusion-texts.json')).texts;
type Labelled = (typeof labelled)[number];
const scenes = z
  .object({ scenes: z.array(z.record(z.string(), z.string())) })
  .parse(fixture('world-texts.json'))
  .scenes.slice(0, 25);
const world = z
  .object({ world: z.object({ objects: z.array(z.object({ word: z.string() })) }) })
  .parse(JSON.parse(readFileSync(new URL('../../../models/packs/tiny-scenes/pack.json', import.meta.url), 'utf8')));

let options: BlendTextsOptions;
beforeAll(async () => {
  const clip = await loadClipTokenizer();
  const countTokens = (text: string): number => clip.encode(text).length;
  options = { lexicon: await loadLexicon(), subjects: new Set(), limit: 75, countTokens };
});

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];
const bases = (words: readonly string[]): Set<string> => new Set(words.map((word) => options.lexicon.baseOf(word)));

interface Blended {
  readonly a: Labelled;
  readonly b: Labelled;
  readonly text: string;
  readonly passed: boolean;
}

/** Every text of the page with every other, both ways. */
function blendAll(): Blended[] {
  const sides = labelled.map((one) => ({ ...one, side: readSide(one.text, options) }));
  return sides.flatMap((a, index) =>
    sides.slice(index + 1).flatMap((b): Blended[] => {
      const { aPlusB, bPlusA } = blendTexts(a.side, b.side, options);
      return [
        { a, b, text: textOf(aPlusB.words), passed: passes(aPlusB.checks) },
        { a: b, b: a, text: textOf(bPlusA.words), passed: passes(bPlusA.checks) },
      ];
    }),
  );
}

/** As a person labelled the texts: what A shows and nothing that B shows, where B is and nowhere that only A is. */
function isRight({ a, b, text }: Blended): boolean {
  const said = bases(wordsOf(text));
  const has = (words: readonly string[]): boolean => [...bases(words)].some((base) => said.has(base));
  const ofA = bases([...a.subject, ...wordsOf(a.text)]);
  const ofB = bases(wordsOf(b.text));
  // Who stands in a landscape has it as the scene.
  const strange = !b.landscape && [...bases(b.subject)].some((base) => said.has(base) && !ofA.has(base));
  const elsewhere = [...bases(a.setting)].some((base) => said.has(base) && !ofB.has(base) && !bases(a.subject).has(base));
  return has(a.subject) && has(b.setting) && !strange && !elsewhere;
}

describe("the built-in blend on the project page's texts of 75 tokens", () => {
  it('keeps the subject of one and the setting of the other in at least nine of ten', () => {
    const all = blendAll();
    const wrong = all.filter((one) => !isRight(one)).map(({ a, b, text }) => `${a.name} + ${b.name}: ${text}`);
    expect(all.length).toBe(labelled.length * (labelled.length - 1));
    expect(wrong.length / all.length, wrong.slice(0, 12).join('\n')).toBeLessThanOrEqual(0.1);
  });

  it('says no content word twice, glues no tokens and fits', () => {
    for (const { a, b, text } of blendAll()) {
      const pair = `${a.name} + ${b.name}: ${text}`;
      const content = wordsOf(text).filter((word) => !/^(?:a|an|and|in|with|the|at|of|on)$/.test(word));
      expect(new Set(content.map((word) => options.lexicon.baseOf(word))).size, pair).toBe(content.length);
      expect(
        content.filter((word) => options.lexicon.kindOf(word) === null && !options.lexicon.isName(word)),
        pair,
      ).toEqual([]);
      expect(options.countTokens(text), pair).toBeLessThanOrEqual(75);
      expect(text, pair).not.toMatch(/\ba [aeio]\w|\ban [^aeiou\W]|,,|, ?$|\b(\w+) \1\b|\b(?:a|an|the|in|with|and|against),/);
    }
  });

  it('passes its own checks in at least nine of ten', () => {
    const all = blendAll();
    const failed = all.filter(({ passed }) => !passed).map(({ a, b, text }) => `${a.name} + ${b.name}: ${text}`);
    expect(failed.length / all.length, failed.slice(0, 12).join('\n')).toBeLessThanOrEqual(0.1);
  });

  it('puts the robot into the forest and the deer into the painted waves', () => {
    const find = (name: string): string => labelled.find((one) => one.name === name)?.text ?? '';
    const { aPlusB, bPlusA } = blendTexts(readSide(find('robot'), options), readSide(find('deer'), options), options);
    expect(textOf(aPlusB.words)).toBe(
      'a dusk red transformer robot in blue armor, standing in a fantasy forest with water and green trees, in misty autumn light, in teal, auburn and yellow tones, an autumnal wallpaper',
    );
    expect(textOf(bPlusA.words)).toBe(
      'a deer standing in blue waves with colourful hills and valleys, at sunset in cloudy light, in red and yellow tones, a modernist abstract gogh painting',
    );
    expect(aPlusB.words.find(({ text }) => text === 'robot')?.from).toBe('a');
    expect(aPlusB.words.find(({ text }) => text === 'forest')?.from).toBe('b');
    expect(aPlusB.words.find(({ text }) => text === 'tones,')?.from).toBe(null);
  });

  it('stays within a budget and keeps what matters most', () => {
    const [a, b] = [labelled[21], labelled[22]].map((one) => readSide(one?.text ?? '', options));
    if (a === undefined || b === undefined) throw new Error('no texts');
    const { aPlusB } = blendTexts(a, b, { ...options, limit: 15 });
    expect(textOf(aPlusB.words)).toContain('robot');
    expect(textOf(aPlusB.words)).toContain('forest');
    expect(aPlusB.checks).toMatchObject({ subject: true, setting: true, fits: true });
  });
});

describe("the built-in blend on texts of the embedded pack's reader", () => {
  it.each([5, 15, 75])('puts the object into the other backdrop, colours and style: %i tokens', (length) => {
    const subjects = new Set(world.world.objects.map(({ word }) => word));
    const own = { ...options, subjects };
    const sides = scenes.map((scene) => ({ scene, side: readSide(scene[`text${length}`] ?? '', own) }));
    let right = 0;
    let all = 0;
    for (const [index, a] of sides.entries()) {
      for (const b of sides.slice(index + 1)) {
        const words = blendTexts(a.side, b.side, own).aPlusB.words.map(({ text }) => text);
        const wanted = [a.scene['object'], a.scene['otherobject'], b.scene['style'], b.scene['backdrop'], b.scene['colour']];
        const strange = [b.scene['object'], b.scene['otherobject']].filter((one) => !wanted.includes(one));
        all += 1;
        if (wanted.every((word) => words.includes(word ?? '')) && !strange.some((word) => words.includes(word ?? ''))) right += 1;
      }
    }
    expect(right / all).toBeGreaterThanOrEqual(0.98);
  });
});

describe('the built-in blend on what a person writes', () => {
  it('keeps words that no lexicon has, and takes their punctuation as such', () => {
    const a = readSide('A blorptron reading a book, in a kitchen.', options);
    const b = readSide('two foxes in deep snow at dusk, watercolor', options);
    const { aPlusB, bPlusA } = blendTexts(a, b, options);
    expect(textOf(aPlusB.words)).toBe('a blorptron reading in deep snow, at dusk, watercolor');
    expect(textOf(bPlusA.words)).toBe('two foxes in a kitchen');
  });

  it('says so when a text names nothing to show or nowhere to be', () => {
    const { warnings } = blendTexts(readSide('red and blue', options), readSide('a fox', options), options);
    expect(warnings).toEqual([
      'No object was found in the text of A.',
      'The text of A names no place and no background.',
      'The text of B names no place and no background.',
    ]);
  });
});
