import type { Command } from '../../state/frame/command.ts';
import type { Studio } from '../../state/studio.svelte.ts';
import type { WordTool } from '../../state/text/word-tools.svelte.ts';

const where = ['studio'] as const;

/** What a person does to the words: to those at the caret or last selected, and to the whole text. */
export function listWordCommands(studio: Studio): readonly Command[] {
  const { words, wordTools, overlays, manuscript } = studio;
  // A word just written becomes a token first, and is then acted on.
  const nothing = (): string | null =>
    words.selected.length === 0 && manuscript.pendingText === null ? 'No word is selected.' : null;
  const onWords = (id: string, name: string, keys: string | null, run: () => Promise<void>, repeats = false): Command => ({
    id,
    name,
    keys,
    where,
    whileWriting: true,
    repeats,
    run: () => studio.attempt(run()),
    whyNot: nothing,
  });
  const tool = (open: WordTool, name: string, whyNot: () => string | null): Command => ({
    id: `words-${open}`,
    name,
    keys: null,
    where,
    whileWriting: true,
    run: () => {
      overlays.palette = false;
      wordTools.open = open;
    },
    whyNot,
  });
  return [
    {
      id: 'word-alternatives',
      name: 'Alternatives of the word',
      keys: 'Alt+Enter',
      where,
      whileWriting: true,
      run: () => {
        const [slot] = words.selected;
        if (slot !== undefined) words.openAlternatives(slot.id);
      },
      whyNot: () => nothing() ?? (!words.hasAlternatives(words.selected[0]) ? 'This word has no alternatives.' : null),
    },
    onWords('weigh-more', 'Weigh the word more', 'Mod+ArrowUp', () => words.weigh(1), true),
    onWords('weigh-less', 'Weigh the word less', 'Mod+ArrowDown', () => words.weigh(-1), true),
    onWords('lock-word', 'Lock or unlock the word', 'Mod+L', () => words.lock()),
    onWords('mute-word', 'Mute or unmute the word', 'Mod+/', () => words.mute()),
    onWords('word-left', 'Move the word towards the beginning', 'Alt+Shift+ArrowLeft', () => words.moveBy(-1), true),
    onWords('word-right', 'Move the word towards the end', 'Alt+Shift+ArrowRight', () => words.moveBy(1), true),
    tool('values', 'Value of each word', () => wordTools.whyNotMeasure()),
    tool('solve', 'Solve again around locked words', () => wordTools.whyNotMeasure()),
    tool('hear', 'Hear the picture: what a model reads in the result', () => wordTools.whyNotHear()),
    tool('compare', 'Compare two versions of the text', () => (manuscript.document === null ? 'There is no text yet.' : null)),
  ];
}
