import type { Command } from '../../state/frame/command.ts';
import type { Studio } from '../../state/studio.svelte.ts';

const where = ['studio'] as const;
const lengthNames = ['Shortest text', 'Middle text', 'Longest text'] as const;

/** From pictures to text, and what happens to the text. */
export function listTextCommands(studio: Studio): readonly Command[] {
  const { manuscript, drawing, reading, facts, overlays, lengthFidelity, wordTools, connection } = studio;
  const { history } = manuscript;
  const textMissing = (): string | null => (manuscript.document === null ? 'There is no text yet.' : null);

  const lengths = lengthNames.map((name, index): Command => {
    const found = (): number | undefined => {
      const length = facts.lengths[index];
      return length !== undefined && manuscript.snapshot.versions[String(length)] !== undefined ? length : undefined;
    };
    return {
      id: `length-${index + 1}`,
      name,
      keys: `Alt+${index + 1}`,
      where,
      whileWriting: true,
      run: () => {
        const length = found();
        if (length !== undefined) studio.openLength(length);
      },
      whyNot: () => (found() === undefined ? 'No picture has been read at this length.' : null),
    };
  });

  return [
    {
      id: 'generate',
      name: 'Generate',
      keys: 'Mod+Enter',
      where,
      whileWriting: true,
      run: () => studio.attempt(drawing.generate()),
      whyNot: () => (manuscript.pendingText === null ? textMissing() : null) ?? connection.whyNot,
    },
    {
      id: 'cancel-job',
      name: 'Cancel what runs',
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
        drawing.busy || reading.state.type === 'reading' || lengthFidelity.busy || wordTools.busy ? null : 'Nothing runs.',
    },
    {
      id: 'read-picture',
      name: 'Read the picture again',
      keys: 'Mod+E',
      where,
      whileWriting: true,
      run: () => studio.attempt(reading.read()),
      whyNot: () =>
        manuscript.picture === null
          ? 'No picture is open.'
          : reading.state.type === 'idle'
            ? connection.whyNot
            : 'A picture is being read.',
    },
    ...lengths,
    {
      id: 'copy-prompt',
      name: 'Copy the prompt as…',
      keys: 'Mod+Shift+C',
      where,
      whileWriting: true,
      run: () => (overlays.exporting = true),
      whyNot: textMissing,
    },
    {
      id: 'undo',
      name: 'Undo',
      keys: 'Mod+Z',
      where,
      whileWriting: false,
      repeats: true,
      run: () => manuscript.undo(),
      whyNot: () => (history.canUndo || manuscript.pendingText !== null ? null : 'There is nothing to undo.'),
    },
    {
      id: 'redo',
      name: 'Redo',
      keys: 'Mod+Shift+Z',
      where,
      whileWriting: false,
      repeats: true,
      run: () => manuscript.redo(),
      whyNot: () => (history.canRedo ? null : 'There is nothing to do again.'),
    },
  ];
}
