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
  .object({ texts: z.array(z.object({ name: z.string(), text: z.string() })) })
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
  it("find the names and brands of the project page's texts, and no plain words", () => {
    const short =
      'rupert aph hermione monroe hadid hogwarts starbucks starbucks disney capcom capcom alliance nintendo zelda wsj beyonce rihanna jimi mario';
    const wanted =
      'beyonce rihanna jimi monroe hadid rupert hermione hogwarts starbucks disney capcom nintendo mario zelda wsj'.split(' ');
    const found = new Set(findHints(write(short), { sensitive: false }).map(({ text }) => text));
    for (const name of wanted) expect(found, name).toContain(name);
    expect(named('a potter at a wheel, a fork in a frame, a mirror, an alliance of games')).toEqual([]);
    expect(named(textNamed('singer')).filter((hint) => hint.startsWith('person'))).toContain('person beyonce');
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
