import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { loadLexicon, loadLexiconNow } from '../../../main/language/lexicon.ts';
import { nameSubject } from '../../../main/language/name-subject.ts';

const lexicon = loadLexiconNow();

test.each([
  ['sticker style picture of one large pig animal upright facing placed middle', 'Pig, sticker style'],
  ['sticker small pig upright middle top alone pig green grass', 'Pig, sticker style'],
  ['a watercolor of a lighthouse by the sea', 'Lighthouse, watercolor'],
  ['flat tiny cat upright leftmost central', 'Cat, flat style'],
  ['a photograph of a dog in the snow', 'Dog'],
  ['painting', 'Painting'],
  ['of the and', ''],
  ['', ''],
])('"%s" is about: %s', (text, name) => {
  expect(nameSubject(text, lexicon)).toBe(name);
});

test('the lexicon is the same at once and later', async () => {
  const later = await loadLexicon();
  for (const word of ['pig', 'sticker', 'valleys', 'nonsenseword']) expect(lexicon.kindOf(word)).toBe(later.kindOf(word));
});

test('nearly every scene of the embedded pack is called by one of its objects, at every length', () => {
  const file = new URL('../../fixtures/world-texts.json', import.meta.url);
  const { scenes } = z
    .object({ scenes: z.array(z.record(z.string(), z.string())) })
    .parse(JSON.parse(readFileSync(file, 'utf8')));
  const texts = scenes.flatMap((scene) => ['text5', 'text15', 'text75'].map((key) => ({ scene, text: scene[key] ?? '' })));
  const right = texts.filter(({ scene, text }) => {
    const thing = nameSubject(text, lexicon).toLowerCase().split(',')[0] ?? '';
    return thing === scene['object'] || thing === scene['otherobject'];
  });
  expect(right.length / texts.length).toBeGreaterThan(0.95);
});
