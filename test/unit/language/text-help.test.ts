import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answerQuestion } from '../../../main/language/answer-question.ts';
import { readSide } from '../../../main/language/blend-texts.ts';
import { findHints } from '../../../main/language/find-hints.ts';
import { loadLexicon } from '../../../main/language/lexicon.ts';
import type { Lexicon } from '../../../main/language/lexicon.ts';
import { replaceNames, shortenDocument } from '../../../main/language/polish-document.ts';
import { createPrompt } from '../../../main/prompt/create-prompt.ts';
import { renderPrompt } from '../../../main/prompt/render-prompt.ts';
import { loadClipTokenizer } from '../../../main/tokenizer/load-clip-tokenizer.ts';
import type { Tokenizer } from '../../../main/tokenizer/tokenizer.ts';

const { texts } = z
  .object({ texts: z.array(z.object({ name: z.string(), text: z.string(), shorter: z.array(z.string()).default([]) })) })
  .parse(JSON.parse(readFileSync(new URL('../../fixtures/de-diffusion-texts.json', import.meta.url), 'utf8')));
const textNamed = (name: string): string => texts.find((one) => one.name === name)?.text ?? '';

let clip: Tokenizer;
let lexicon: Lexicon;
beforeAll(async () => {
  clip = await loadClipTokenizer();
  lexicon = await loadLexicon();
});
const write = (text: string) => createPrompt({ id: 'd', packId: 'clip', text }, clip);
const named = (text: string, sensitive = false): string[] =>
  findHints(write(text), { sensitive }).map((hint) => `${hint.kind} ${hint.text}`);

describe('hints', () => {
  /** What the page's texts of one picture are hinted at, of 5, 15 and 75 tokens in turn. */
  const hintsOf = ({ text, shorter }: (typeof texts)[number]): string[] => [...shorter, text].flatMap((one) => named(one));

  it("find every name that the project page's texts hold", () => {
    const found = new Set(texts.flatMap(hintsOf).filter((hint) => !hint.startsWith('writing ')));
    expect([...found].sort()).toEqual(
      [
        ...['beyonce', 'rihanna', 'jimi', 'monroe', 'osjanumonroe', 'hadid', 'osrupert', 'rodgers'].map((one) => `person ${one}`),
        ...['hogwarts', 'starbucks', 'disney', 'capcom', 'nintendo', 'wsj', 'unsplash', 'flickr', 'alivedeviantart'].map(
          (one) => `brand ${one}`,
        ),
        ...['capcom alliance', 'hermione', 'mario', 'zelda'].map((one) => `work ${one}`),
      ].sort(),
    );
  });

  it("are as many on the page's texts of each picture as a person counts there: names, then words for writing", () => {
    const counts = texts.map((one) => {
      const hints = hintsOf(one);
      const writing = hints.filter((hint) => hint.startsWith('writing ')).length;
      return [one.name, hints.length - writing, writing];
    });
    expect(counts.filter(([, names, writing]) => names !== 0 || writing !== 0)).toEqual([
      ['singer', 7, 0],
      ['beagles', 0, 5],
      ['yosemite', 1, 0],
      ['cinderella', 2, 0],
      ['mario', 10, 0],
      ['school-of-magic', 5, 4],
      ['adventurer', 3, 5],
      ['coffee-logo', 5, 0],
      ['lion-emblem', 1, 0],
      ['painted-face', 3, 0],
      ['robot', 1, 0],
      ['heart', 1, 12],
      ['letters', 2, 13],
    ]);
  });

  it('find no plain words, though a name sounds the same', () => {
    expect(named('a potter at a wheel, a fork in a frame, a mirror, an alliance of games')).toEqual([]);
    expect(named(`${textNamed('robot-cat')} ${textNamed('hoop')}`)).toEqual([]);
    expect(named('a sheldrake and a mandrake, stars over wars, a kitty')).toEqual([]);
  });

  it('take a name of two words for one, and the plain word of each alone for none', () => {
    expect(named('harry potter beside a potter')).toEqual(['work harry potter']);
    expect(named('Star Wars, star')).toEqual(['work Star Wars,']);
    expect(named('capcom alliance, capcom')).toEqual(['work capcom alliance,', 'brand capcom']);
  });

  it('say that writing cannot be read, and name sensitive words only when asked to', () => {
    expect(named('a poster with text and a naked tree')).toEqual(['writing text']);
    expect(named('a naked tree', true)).toEqual(['sensitive naked']);
  });
});

describe('polishing by rules', () => {
  it('puts plain words in place of names, and keeps the tokens of everything else', () => {
    const before = write('a beyonce portrait, beyonce in a starbucks cup');
    const after = replaceNames(before, clip);
    expect(renderPrompt(after).text).toBe('a singer portrait, in a coffee cup');
    const kept = after.slots.filter(({ id }) => before.slots.some((slot) => slot.id === id)).map(({ text }) => text);
    expect(kept).toEqual(['a', 'portrait', ',', 'in', 'a', 'cup']);
    expect(findHints(after, { sensitive: false })).toEqual([]);
  });

  it('puts one plain word in place of a name of two, and of one that is glued to what stands before', () => {
    expect(renderPrompt(replaceNames(write('a cap of capcom alliance games, movies osrupert stark'), clip)).text).toBe(
      'a cap of game games, movies a young man stark',
    );
    expect(renderPrompt(replaceNames(write('a poster (zelda, capcom alliance.) of rihanna'), clip)).text).toBe(
      'a poster (an adventurer, game.) of a singer',
    );
  });

  it('shortens to a budget and keeps what the picture shows, where it is and locked words', () => {
    const before = write(textNamed('robot'));
    const locked = { ...before, slots: before.slots.map((slot) => (slot.text === 'smh' ? { ...slot, locked: true } : slot)) };
    const after = shortenDocument(locked, 12, lexicon, clip);
    const text = renderPrompt(after).text;
    expect(after.slots.length).toBeLessThanOrEqual(12);
    expect(text).toMatch(/robot/);
    expect(text).toMatch(/hills|valleys|waves/);
    if (locked.slots.some((slot) => slot.locked === true)) expect(text).toContain('smh');
    expect(shortenDocument(before, 1000, lexicon, clip)).toBe(before);
  });
});

describe('asking a text by rules', () => {
  const ask = (question: string, text: string, subjects: ReadonlySet<string> = new Set()) => {
    const { answer, isTold, evidence } = answerQuestion(question, readSide(text, { lexicon, subjects }), lexicon);
    return isTold ? `${answer} [${evidence.map((word) => word.text).join(' ')}]` : '?';
  };
  const scene =
    'flat style picture of two tiny bigger carrot food upright facing placed leftmost west bottom north beside tiny bigger gift thing upright ' +
    'facing placed rightmost east central even floating on pale pink and clear red horizon backdrop';
  const world = new Set(['carrot', 'gift', 'pig']);

  it.each([
    ['What is in the picture?', 'carrot [carrot]'],
    ['How many carrots are there?', '2 [two carrot]'],
    ['What colour is the background?', 'pink, red [pink red]'],
    ['Is there a gift?', 'yes [gift]'],
    ['Is there a dog?', '?'],
    ['How old is the carrot?', '?'],
  ])("the embedded world's words: %s", (question, answer) => {
    expect(ask(question, scene, world)).toBe(answer);
  });

  it.each([
    ['What is this?', 'robot', 'robot [robot]'],
    ['Where is the deer?', 'deer', 'forest, water, trees [water trees forest]'],
    ['What style is it?', 'robot', 'gogh modernist painting [painting gogh modernist]'],
    ['What is the boy wearing?', 'school-of-magic', 'brown tie [brown tie]'],
  ])("the page's texts: %s", (question, name, answer) => {
    expect(ask(question, textNamed(name))).toBe(answer);
  });
});
