import { describe, expect, it } from 'vitest';
import { english } from '../../../renderer/language/english.ts';
import { fillMessage } from '../../../renderer/language/fill-message.ts';
import { german } from '../../../renderer/language/german.ts';
import { Language } from '../../../renderer/language/language.svelte.ts';
import type { Message } from '../../../renderer/language/message.ts';

const formsOf = (message: Message): string[] => (typeof message === 'string' ? [message] : [message.one, message.other]);
const placeholdersOf = (message: Message): string[] =>
  [...new Set(formsOf(message).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')))].sort();
const englishMessages: Readonly<Record<string, Message>> = english;
const germanMessages: Readonly<Record<string, Message>> = german;

describe('Language', () => {
  // The page's root element carries the language; Node has none.
  Object.assign(globalThis, { document: { documentElement: { lang: '' } } });

  it('says a message with its values, and a name without a value as it is', () => {
    const { say } = new Language();
    expect(say('settings.memory.used', { used: '1 GB', budget: '2 GB' })).toBe('The models use 1 GB of 2 GB.');
    expect(say('settings.memory.used', { used: '1 GB' })).toContain('{budget}');
  });

  it('changes to German and back, and says so on the root element', async () => {
    const language = new Language();
    expect(language.tags).toEqual(['en', 'de']);
    await language.use('de');
    expect(language.say('place.library')).toBe('Bibliothek');
    expect(language.fixed(0.825, 2)).toMatch(/^0,8[23]$/);
    expect(document.documentElement.lang).toBe('de');
    await language.use('en');
    expect(language.say('place.library')).toBe('Library');
    expect(document.documentElement.lang).toBe('en');
  });

  it('follows the system where it can, and is English where it cannot', async () => {
    const language = new Language();
    await language.use('system', ['fr-FR', 'de-AT', 'en']);
    expect(language.tag).toBe('de');
    await language.use('system', ['fr-FR']);
    expect(language.tag).toBe('en');
  });

  it('is English when a language is no longer there, and stays what it was when one cannot be fetched', async () => {
    const language = new Language({ xx: () => Promise.reject(new Error('No such file.')) });
    await language.use('pt');
    expect(language.tag).toBe('en');
    await expect(language.use('xx')).rejects.toThrow();
    expect(language.say('place.library')).toBe('Library');
  });

  it('puts a title in the page’s language over what the core says, and none in English', async () => {
    const language = new Language();
    const error = { code: 'disk-full' as const, message: 'The disk is full.' };
    expect(language.sayError(error)).toBe('The disk is full.');
    await language.use('de');
    expect(language.titleError('disk-full')).toBe('Es ist kein Platz mehr');
    expect(language.titleError(null)).toBeNull();
    expect(language.sayError(error)).toBe('Es ist kein Platz mehr: The disk is full.');
  });

  it('writes shares, small figures, lists and times as the language does', async () => {
    const language = new Language();
    const noon = new Date(2026, 10, 3, 14, 5).getTime();
    expect([language.percent(0.042, 1), language.brief(0.05, 2), language.number(1200)]).toEqual(['4.2%', '.05', '1,200']);
    expect([language.list(['5', '15', '75']), language.time(noon)]).toEqual([
      '5, 15, and 75',
      expect.stringMatching(/^3 Nov 2026, 14:05 \S+/),
    ]);
    await language.use('de');
    expect([language.percent(0.042, 1), language.brief(0.05, 2), language.number(1200)]).toEqual(['4,2\u00a0%', '0,05', '1.200']);
    expect([language.list(['5', '15', '75']), language.time(noon)]).toEqual([
      '5, 15 und 75',
      expect.stringMatching(/^3\. Nov\. 2026, 14:05 \S+/),
    ]);
  });

  it('writes what is below nothing with a minus, and what is rounded to nothing without one', async () => {
    const language = new Language();
    const write = () => [language.fixed(-0.02, 2), language.fixed(-0.001, 2), language.number(-3), language.percent(-0.5)];
    expect(write()).toEqual(['−0.02', '0.00', '−3', '−50%']);
    expect(fillMessage('{change}', { change: -2 }, 'en')).toBe('−2');
    await language.use('de');
    expect(write()).toEqual(['−0,02', '0,00', '−3', '−50\u00a0%']);
  });

  it('writes a moment in little room without its zone', async () => {
    const language = new Language();
    const noon = new Date(2026, 10, 3, 14, 5).getTime();
    expect(language.moment(noon)).toBe('3 Nov 2026, 14:05');
    await language.use('de');
    expect(language.moment(noon)).toBe('3. Nov. 2026, 14:05');
  });

  it('stays with the last choice when an earlier one arrives late', async () => {
    let arrive: () => void = () => undefined;
    const late = new Promise<typeof german>((resolve) => (arrive = () => resolve(german)));
    const language = new Language({ de: () => late });
    const first = language.use('de');
    await language.use('en');
    arrive();
    await first;
    expect(language.tag).toBe('en');
  });
});

describe('fillMessage', () => {
  it('chooses the form and writes numbers as the language does', () => {
    const pictures = { one: '{count} picture', other: '{count} pictures' };
    expect([0, 1, 2, 1200].map((count) => fillMessage(pictures, { count }, 'en'))).toEqual([
      '0 pictures',
      '1 picture',
      '2 pictures',
      '1,200 pictures',
    ]);
    expect(fillMessage(pictures, { count: 1200 }, 'de')).toBe('1.200 pictures');
  });
});

describe('the texts', () => {
  const keys = Object.keys(english);

  it('are the same messages in both languages', () => {
    expect(Object.keys(german).sort()).toEqual([...keys].sort());
  });

  it('take the same values in both languages, and count in the same places', () => {
    const shapes = (messages: Readonly<Record<string, Message>>): Record<string, unknown> =>
      Object.fromEntries(keys.map((key) => [key, [typeof messages[key], placeholdersOf(messages[key] ?? '')]]));
    expect(shapes(germanMessages)).toEqual(shapes(englishMessages));
  });

  it('have no plural in brackets', () => {
    const all = [...Object.values(englishMessages), ...Object.values(germanMessages)].flatMap(formsOf);
    expect(all.filter((text) => /\p{L}\(\p{L}{1,3}\)/u.test(text))).toEqual([]);
  });
});
