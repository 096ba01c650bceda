import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { blendTexts, readSide } from '../../../main/language/blend-texts.ts';
import type { BlendTextsOptions } from '../../../main/language/blend-texts.ts';
import { loadLexicon } from '../../../main/language/lexicon.ts';
import { textOf } from '../../../main/language/sentence.ts';
import { loadClipTokenizer } from '../../../main/tokenizer/load-clip-tokenizer.ts';
import {
  blendPageTexts,
  faultsOf,
  isRight,
  judgeWorldBlends,
  readPageTexts,
  readWorldScenes,
} from '../../../tooling/bench/right-blends.ts';
import type { LabelledText, WorldScene } from '../../../tooling/bench/right-blends.ts';

const world = z
  .object({ world: z.object({ objects: z.array(z.object({ word: z.string() })) }) })
  .parse(JSON.parse(readFileSync(new URL('../../../models/packs/tiny-scenes/pack.json', import.meta.url), 'utf8')));

let options: BlendTextsOptions;
let labelled: readonly LabelledText[];
let scenes: readonly WorldScene[];
beforeAll(async () => {
  labelled = await readPageTexts();
  scenes = (await readWorldScenes()).slice(0, 25);
  const clip = await loadClipTokenizer();
  const countTokens = (text: string): number => clip.encode(text).length;
  options = { lexicon: await loadLexicon(), subjects: new Set(), limit: 75, countTokens };
});

const blendAll = () => blendPageTexts(labelled, options);

describe("the built-in blend on the project page's texts of 75 tokens", () => {
  it('keeps the subject of one and the setting of the other in at least nine of ten', () => {
    const all = blendAll();
    const wrong = all.filter((one) => !isRight(one, options)).map(({ a, b, text }) => `${a.name} + ${b.name}: ${text}`);
    expect(all.length).toBe(labelled.length * (labelled.length - 1));
    expect(wrong.length / all.length, wrong.slice(0, 12).join('\n')).toBeLessThanOrEqual(0.1);
  });

  it('says no content word twice, glues no tokens and fits', () => {
    for (const { a, b, text } of blendAll()) {
      const pair = `${a.name} + ${b.name}: ${text}`;
      expect(faultsOf(text, options), pair).toEqual([]);
      expect(options.countTokens(text), pair).toBeLessThanOrEqual(75);
    }
  });

  it.each(['a fox in a fox', 'a osfuturistic robot', 'a robot in blue,', 'a robot in, blue', 'a red deer and a red robot'])(
    'would see a fault in “%s”',
    (text) => {
      expect(faultsOf(text, options)).not.toEqual([]);
    },
  );

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
    const right = judgeWorldBlends(scenes, length, { ...options, subjects });
    expect(right).toHaveLength((25 * 24) / 2);
    expect(right.filter(Boolean).length / right.length).toBeGreaterThanOrEqual(0.98);
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
