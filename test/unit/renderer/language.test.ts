import { describe, expect, it } from 'vitest';
import english from '../../../renderer/language/en.json';
import { Language } from '../../../renderer/language/language.svelte.ts';

const german = { 'place.studio': 'Atelier', 'settings.memory.used': '{used} von {budget}', 'command.generate': 'Zeichnen' };

describe('Language', () => {
  // The page's root element carries the language; Node has none.
  Object.assign(globalThis, { document: { documentElement: { lang: '' } } });

  it('says a message with its values, and a name without a value as it is', () => {
    const { say } = new Language({});
    expect(say('settings.memory.used', { used: '1 GB', budget: '2 GB' })).toBe('The models use 1 GB of 2 GB.');
    expect(say('settings.memory.used', { used: '1 GB' })).toContain('{budget}');
  });

  it('falls back to English message by message', async () => {
    const language = new Language({ './de.json': () => Promise.resolve(german), './en.json': () => Promise.resolve(english) });
    expect(language.tags).toEqual(['en', 'de']);
    await language.use('de');
    expect(language.say('place.studio')).toBe('Atelier');
    expect(language.say('place.library')).toBe('Library');
    expect(language.nameCommand('generate', 'Generate')).toBe('Zeichnen');
    expect(language.nameCommand('undo', 'Undo')).toBe('Undo');
    expect(document.documentElement.lang).toBe('de');
  });

  it('keeps English when a language is no longer there, and what it had when a file is broken', async () => {
    const language = new Language({ './xx.json': () => Promise.resolve({ 'place.studio': 7 }) });
    await language.use('pt');
    expect(language.tag).toBe('en');
    await expect(language.use('xx')).rejects.toThrow();
    expect(language.say('place.studio')).toBe('Studio');
  });
});
