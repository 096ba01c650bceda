import { tick } from 'svelte';
import type { Command } from '../../state/frame/command.ts';
import type { Page } from '../../state/page.svelte.ts';
import { makeRoom, tokensTooMany } from './make-room.ts';
import { say } from '../../language/say.ts';

const where = ['studio'] as const;

/** Commands whose keys work on the words under the caret; in the editor they go before its own. */
export const wordKeys: readonly string[] = [
  'word-alternatives',
  'weigh-more',
  'weigh-less',
  'lock-word',
  'mute-word',
  'word-left',
  'word-right',
  'undo',
  'redo',
];

/** Those that act on the selected words. */
type OnWords = 'delete-word' | 'weigh-more' | 'weigh-less' | 'lock-word' | 'mute-word' | 'word-left' | 'word-right';

/** What a person does to the words: to those at the caret or last selected, and to the whole text. */
export function listWordCommands(page: Page): readonly Command[] {
  const { words, wordTools, overlays, work, dock } = page;
  // A word just written becomes a token first, and is then acted on.
  const nothing = (): string | null =>
    words.selected.length === 0 && work.pendingText === null ? say('words.noneSelected') : null;
  const onWords = (id: OnWords, keys: string | null, run: () => Promise<void>, repeats = false): Command => ({
    id,
    name: () => say(`command.${id}`),
    keys,
    where,
    whileWriting: true,
    repeats,
    run: () => page.attempt(run()),
    whyNot: nothing,
  });
  const noText = (): string | null => (work.document === null ? say('hindrance.noText') : null);
  const find = (id: 'find-words' | 'replace-words', keys: string): Command => ({
    id,
    name: () => say(`command.${id}`),
    keys,
    where,
    whileWriting: true,
    run: () => {
      page.wordSearch.begin();
      dock.show('find');
    },
    whyNot: noText,
  });
  const tool = (open: 'kinds' | 'values' | 'solve' | 'hear' | 'compare', whyNot: () => string | null): Command => ({
    id: `words-${open}`,
    name: () => say(`command.words-${open}`),
    keys: null,
    where,
    whileWriting: true,
    run: () => {
      overlays.palette = false;
      dock.show(open);
    },
    whyNot,
  });
  return [
    {
      id: 'word-alternatives',
      name: () => say('command.word-alternatives'),
      keys: 'Alt+Enter',
      where,
      whileWriting: true,
      run: () => {
        const [slot] = words.selected;
        if (slot !== undefined) words.openAlternatives(slot.id);
      },
      whyNot: () => nothing() ?? (!words.hasAlternatives(words.selected[0]) ? say('words.noAlternatives') : null),
    },
    onWords('weigh-more', 'Mod+ArrowUp', () => words.weigh(1), true),
    onWords('weigh-less', 'Mod+ArrowDown', () => words.weigh(-1), true),
    onWords('lock-word', 'Mod+L', () => words.lock()),
    onWords('mute-word', 'Mod+/', () => words.mute()),
    onWords('delete-word', null, () => words.remove()),
    onWords('word-left', 'Alt+Shift+ArrowLeft', () => words.moveBy(-1), true),
    onWords('word-right', 'Alt+Shift+ArrowRight', () => words.moveBy(1), true),
    {
      id: 'go-words',
      name: () => say('command.go-words'),
      keys: 'F2',
      where: 'everywhere',
      whileWriting: true,
      run: () => {
        page.place.show('studio');
        void tick().then(() => words.editor?.focus());
      },
    },
    find('find-words', 'Mod+F'),
    find('replace-words', 'Mod+H'),
    {
      id: 'make-room',
      name: () => say('command.make-room'),
      keys: null,
      where,
      whileWriting: true,
      run: () => page.attempt(makeRoom(page)),
      whyNot: () => (tokensTooMany(page) === 0 ? say('words.room.enough') : null),
    },
    tool('kinds', noText),
    tool('values', () => wordTools.whyNotMeasure()),
    tool('solve', () => wordTools.whyNotMeasure()),
    tool('hear', () => wordTools.whyNotHear()),
    tool('compare', noText),
  ];
}
