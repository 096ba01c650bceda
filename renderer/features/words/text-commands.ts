import type { Command } from '../../state/frame/command.ts';
import type { Page } from '../../state/page.svelte.ts';
import { say } from '../../language/say.ts';

const where = ['studio'] as const;
const lengthIds = ['length-1', 'length-2', 'length-3'] as const;

/** From pictures to text, and what happens to the text. */
export function listTextCommands(page: Page): readonly Command[] {
  const { work, drawing, reading, facts, dock, lengthFidelity, wordTools, otherReadings, picturePart, connection, masks } = page;
  const { history } = work;
  const textMissing = (): string | null => (work.document === null ? say('hindrance.noText') : null);

  const lengths = lengthIds.map((id, index): Command => {
    const found = (): number | undefined => {
      const length = facts.lengths[index];
      return length !== undefined && work.snapshot.versions[String(length)] !== undefined ? length : undefined;
    };
    return {
      id,
      name: () => say(`command.${id}`),
      keys: `Alt+${index + 1}`,
      where,
      whileWriting: true,
      run: () => {
        const length = found();
        if (length !== undefined) page.openLength(length);
      },
      whyNot: () => (found() === undefined ? say('words.notAtLength') : null),
    };
  });

  return [
    {
      id: 'generate',
      name: () => say('command.generate'),
      keys: 'Mod+Enter',
      where,
      whileWriting: true,
      run: () => page.attempt(drawing.generate()),
      whyNot: () => (work.pendingText === null ? textMissing() : null) ?? connection.whyNot,
    },
    {
      id: 'cancel-job',
      name: () => say('command.cancel-job'),
      keys: 'Escape',
      where,
      whileWriting: true,
      run: () => {
        if (drawing.busy) page.attempt(drawing.cancel());
        else if (reading.state.type === 'reading') page.attempt(reading.cancel());
        else if (lengthFidelity.busy) page.attempt(lengthFidelity.cancel());
        else if (wordTools.busy) page.attempt(wordTools.cancel());
        else if (otherReadings.busy) page.attempt(otherReadings.cancel());
        else if (picturePart.tool !== null) picturePart.cancel();
        else dock.close();
      },
      whyNot: () =>
        drawing.busy ||
        reading.state.type === 'reading' ||
        lengthFidelity.busy ||
        wordTools.busy ||
        otherReadings.busy ||
        picturePart.tool !== null ||
        dock.open !== null
          ? null
          : say('words.nothingRuns'),
    },
    {
      id: 'read-picture',
      name: () => say('command.read-picture'),
      keys: 'Mod+E',
      where,
      whileWriting: true,
      run: () => page.attempt(reading.read()),
      whyNot: () =>
        work.picture === null
          ? say('hindrance.noOpenPicture')
          : reading.state.type === 'idle'
            ? connection.whyNot
            : say('hindrance.reading'),
    },
    {
      id: 'read-otherwise',
      name: () => say('command.read-otherwise'),
      keys: null,
      where,
      whileWriting: true,
      run: () => dock.show('read'),
      whyNot: () => (work.picture === null ? say('hindrance.noOpenPicture') : null),
    },
    ...lengths,
    {
      id: 'copy-prompt',
      name: () => say('command.copy-prompt'),
      keys: 'Mod+Shift+C',
      where,
      whileWriting: true,
      run: () => dock.show('copy'),
      whyNot: textMissing,
    },
    {
      id: 'ask-picture',
      name: () => say('command.ask-picture'),
      keys: 'Mod+Shift+A',
      where,
      whileWriting: true,
      run: () => dock.show('ask'),
      whyNot: textMissing,
    },
    {
      id: 'polish-words',
      name: () => say('command.polish-words'),
      keys: null,
      where,
      whileWriting: true,
      run: () => dock.show('polish'),
      whyNot: textMissing,
    },
    {
      id: 'undo',
      name: () => say('command.undo'),
      keys: 'Mod+Z',
      where,
      whileWriting: false,
      repeats: true,
      // While a mask is painted, its strokes are what was done last.
      run: () => (masks.painting && masks.canUndo ? masks.undo() : work.undo()),
      whyNot: () =>
        history.canUndo || work.pendingText !== null || (masks.painting && masks.canUndo) ? null : say('hindrance.nothingToUndo'),
    },
    {
      id: 'redo',
      name: () => say('command.redo'),
      keys: 'Mod+Shift+Z',
      where,
      whileWriting: false,
      repeats: true,
      run: () => (masks.painting && masks.canRedo ? masks.redo() : work.redo()),
      whyNot: () => (history.canRedo || (masks.painting && masks.canRedo) ? null : say('words.nothingToRedo')),
    },
  ];
}
