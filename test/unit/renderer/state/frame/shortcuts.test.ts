import { beforeEach, describe, expect, it } from 'vitest';
import { BrowserStore } from '../../../../../renderer/state/core/browser-store.ts';
import type { Command } from '../../../../../renderer/state/frame/command.ts';
import { Place } from '../../../../../renderer/state/frame/place.svelte.ts';
import { Preferences } from '../../../../../renderer/state/frame/preferences.svelte.ts';
import { recordKeys } from '../../../../../renderer/state/frame/record-keys.ts';
import { Shortcuts } from '../../../../../renderer/state/frame/shortcuts.svelte.ts';
import { MemoryStorage } from '../../../../helpers/memory-storage.ts';

const components: Readonly<Record<string, string>> = import.meta.glob('../../../../../renderer/features/**/*.{svelte,ts}', {
  query: '?raw',
  import: 'default',
  eager: true,
});

const command = (id: string, keys: string | null, more: Partial<Command> = {}): Command => ({
  id,
  name: () => id,
  keys,
  where: ['studio'],
  whileWriting: true,
  run: () => undefined,
  ...more,
});
const generate = command('generate', 'Mod+Enter');
const copy = command('copy-prompt', 'Mod+Shift+C');
const star = command('toggle-star', 'S', { where: ['library'], whileWriting: false });
const compare = command('compare-mode', 'C', { whileWriting: false });
const palette = command('show-palette', 'Mod+K', { where: 'everywhere' });

const preferencesIn = (store: Storage): Preferences =>
  new Preferences(
    new BrowserStore(
      () => store,
      () => undefined,
    ),
  );
let store: MemoryStorage;
let preferences: Preferences;
let shortcuts: Shortcuts;

function open(): void {
  preferences = preferencesIn(store);
  shortcuts = new Shortcuts(preferences, new Place(preferences), false);
  shortcuts.register([generate, copy, star, compare, palette]);
}

beforeEach(() => {
  store = new MemoryStorage();
  open();
});

describe('shortcuts', () => {
  it('give the person’s keys instead of the command’s own, also after a reload', () => {
    expect(shortcuts.change(generate, 'Mod+G')).toBe(true);
    open();
    expect(shortcuts.keysOf(generate)).toBe('Mod+G');
    expect(shortcuts.describe('generate')).toBe('Ctrl G');
    expect(shortcuts.changed).toBe(true);
  });

  it('name the command that has the keys already, only where both apply', () => {
    expect(shortcuts.takenBy('Shift+Mod+c', generate)?.id).toBe('copy-prompt');
    expect(shortcuts.takenBy('S', compare)).toBeNull();
    expect(shortcuts.takenBy('Mod+K', star)?.id).toBe('show-palette');
  });

  it('take keys from the command that had them, and give them back by reset', () => {
    shortcuts.change(generate, 'Mod+Shift+C');
    expect(shortcuts.keysOf(copy)).toBeNull();
    expect(shortcuts.reset(copy)).toBe(true);
    expect(shortcuts.keysOf(copy)).toBe('Mod+Shift+C');
    expect(shortcuts.keysOf(generate)).toBeNull();
    shortcuts.resetAll();
    expect(shortcuts.keysOf(generate)).toBe('Mod+Enter');
    expect(shortcuts.changed).toBe(false);
  });

  it('never leave the palette without keys', () => {
    expect(shortcuts.change(palette, null)).toBe(false);
    expect(shortcuts.change(generate, 'Mod+K')).toBe(false);
    expect(shortcuts.keysOf(palette)).toBe('Mod+K');
    expect(shortcuts.keysOf(generate)).toBe('Mod+Enter');
    expect(shortcuts.change(palette, 'Mod+J')).toBe(true);
  });

  it('run a command where it applies and nothing hinders it', () => {
    const runs: string[] = [];
    const here = command('undo', 'Mod+Z', { run: () => void runs.push('text') });
    const there = command('undo', 'Mod+Z', { where: ['library'], run: () => void runs.push('trash') });
    const hindered = command('redo', 'Mod+Y', { run: () => void runs.push('never'), whyNot: () => 'There is nothing.' });
    shortcuts.register([here, there, hindered]);
    expect(shortcuts.run('undo')).toBe(true);
    preferences.set({ place: 'library' });
    expect(shortcuts.run('undo')).toBe(true);
    preferences.set({ place: 'studio' });
    expect(shortcuts.run('redo')).toBe(false);
    expect(runs).toEqual(['text', 'trash']);
  });
});

const press = (key: string, code: string, held: Partial<KeyboardEvent> = {}): KeyboardEvent => {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  // Node has no KeyboardEvent; recording and matching read only these fields.
  return Object.assign(new Event('keydown'), none, { key, code }, held) as KeyboardEvent;
};

describe('keyboards of other scripts', () => {
  it.each([
    ['л', 'KeyK', { ctrlKey: true }, 'show-palette'],
    ['κ', 'KeyK', { ctrlKey: true }, 'show-palette'],
    ['ל', 'KeyK', { ctrlKey: true }, 'show-palette'],
    ['ن', 'KeyK', { ctrlKey: true }, 'show-palette'],
    ['С', 'KeyC', { ctrlKey: true, shiftKey: true }, 'copy-prompt'],
    ['с', 'KeyC', {}, 'compare-mode'],
    ['ब', 'KeyY', {}, 'blink'],
    ['لا', 'KeyB', {}, 'big'],
    ['/', 'KeyQ', {}, 'quick'],
    ['k', 'KeyV', { ctrlKey: true }, 'show-palette'],
    [',', 'KeyM', { ctrlKey: true }, 'settings'],
    ['Process', 'KeyC', {}, null],
    ['й', 'BracketLeft', {}, null],
  ])('%s on %s with %o asks for %s', (key, code, held, id) => {
    shortcuts.register([
      ...shortcuts.commands,
      command('blink', 'Y'),
      command('big', 'B'),
      command('quick', 'Q'),
      command('mute', 'Mod+M'),
      command('settings', 'Mod+,'),
    ]);
    expect(shortcuts.match(press(key, code, held))?.id ?? null).toBe(id);
  });

  it('are asked for their letters by pressedKey alone', () => {
    const asks = /\bevent\.key(?:\.toLowerCase\(\)|\s*[!=]==\s*'[a-zA-Z]')/;
    expect(Object.keys(components).filter((path) => asks.test(components[path] ?? ''))).toEqual([]);
  });

  it('record the Latin letter, so that the keys go on working on a Latin layout', () => {
    expect(recordKeys(press('п', 'KeyG', { ctrlKey: true }), generate, false)).toEqual({ type: 'keys', keys: 'Mod+G' });
    expect(recordKeys(press('м', 'KeyV', { ctrlKey: true }), generate, false)).toMatchObject({ type: 'refused' });
  });
});

describe('recordKeys', () => {
  it.each([
    ['g', 'KeyG', { ctrlKey: true }, 'Mod+G'],
    ['G', 'KeyG', { ctrlKey: true, shiftKey: true }, 'Mod+Shift+G'],
    ['€', 'KeyE', { altKey: true }, 'Alt+E'],
    ['!', 'Digit1', { altKey: true, shiftKey: true }, 'Alt+Shift+1'],
    ['F6', 'F6', {}, 'F6'],
    ['+', 'Equal', { ctrlKey: true, shiftKey: true }, 'Mod++'],
  ])('reads %s on %s as keys', (key, code, held, keys) => {
    expect(recordKeys(press(key, code, held), generate, false)).toEqual({ type: 'keys', keys });
  });

  it('waits while only a modifier is down', () => {
    expect(recordKeys(press('Control', 'ControlLeft', { ctrlKey: true }), generate, false)).toBeNull();
  });

  it.each([
    ['Tab', 'Tab', {}, /moving/],
    ['Enter', 'Enter', {}, /moving/],
    ['v', 'KeyV', { ctrlKey: true }, /pasting/],
    ['w', 'KeyW', { ctrlKey: true }, /browser/],
    ['g', 'KeyG', {}, /while you write/],
  ])('refuses %s on %s, and says why', (key, code, held, reason) => {
    const recorded = recordKeys(press(key, code, held), generate, false);
    expect(recorded).toMatchObject({ type: 'refused' });
    expect(recorded?.type === 'refused' ? recorded.reason : '').toMatch(reason);
  });

  it('lets a command that rests while a person writes have a bare letter', () => {
    expect(recordKeys(press('x', 'KeyX'), compare, false)).toEqual({ type: 'keys', keys: 'X' });
  });
});
