import type { Command } from '../../state/frame/command.ts';
import type { Studio } from '../../state/studio.svelte.ts';
import { say } from '../../language/say.ts';

const where = ['studio'] as const;
const lengthIds = ['length-1', 'length-2', 'length-3'] as const;

/** From pictures to text, and what happens to the text. */
export function listTextCommands(studio: Studio): readonly Command[] {
  const { manuscript, drawing, reading, facts, overlays, lengthFidelity, wordTools, connection } = studio;
  const { history } = manuscript;
  const textMissing = (): string | null => (manuscript.document === null ? say('hindrance.noText') : null);

  const lengths = lengthIds.map((id, index): Command => {
    const found = (): number | undefined => {
      const length = facts.lengths[index];
      return length !== undefined && manuscript.snapshot.versions[String(length)] !== undefined ? length : undefined;
    };
    return {
      id,
      name: () => say(`command.${id}`),
      keys: `Alt+${index + 1}`,
      where,
      whileWriting: true,
      run: () => {
        const length = found();
        if (length !== undefined) studio.openLength(length);
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
      run: () => studio.attempt(drawing.generate()),
      whyNot: () => (manuscript.pendingText === null ? textMissing() : null) ?? connection.whyNot,
    },
    {
      id: 'cancel-job',
      name: () => say('command.cancel-job'),
      keys: 'Escape',
      where,
      whileWriting: true,
      run: () => {
        if (drawing.busy) studio.attempt(drawing.cancel());
        else if (reading.state.type === 'reading') studio.attempt(reading.cancel());
        else if (lengthFidelity.busy) studio.attempt(lengthFidelity.cancel());
        else if (wordTools.busy) studio.attempt(wordTools.cancel());
      },
      whyNot: () =>
        drawing.busy || reading.state.type === 'reading' || lengthFidelity.busy || wordTools.busy
          ? null
          : say('words.nothingRuns'),
    },
    {
      id: 'read-picture',
      name: () => say('command.read-picture'),
      keys: 'Mod+E',
      where,
      whileWriting: true,
      run: () => studio.attempt(reading.read()),
      whyNot: () =>
        manuscript.picture === null
          ? say('hindrance.noOpenPicture')
          : reading.state.type === 'idle'
            ? connection.whyNot
            : say('hindrance.reading'),
    },
    ...lengths,
    {
      id: 'copy-prompt',
      name: () => say('command.copy-prompt'),
      keys: 'Mod+Shift+C',
      where,
      whileWriting: true,
      run: () => (overlays.exporting = true),
      whyNot: textMissing,
    },
    {
      id: 'undo',
      name: () => say('command.undo'),
      keys: 'Mod+Z',
      where,
      whileWriting: false,
      repeats: true,
      run: () => manuscript.undo(),
      whyNot: () => (history.canUndo || manuscript.pendingText !== null ? null : say('hindrance.nothingToUndo')),
    },
    {
      id: 'redo',
      name: () => say('command.redo'),
      keys: 'Mod+Shift+Z',
      where,
      whileWriting: false,
      repeats: true,
      run: () => manuscript.redo(),
      whyNot: () => (history.canRedo ? null : say('words.nothingToRedo')),
    },
  ];
}
