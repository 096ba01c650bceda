import { compareModes } from '../../state/preferences.svelte.ts';
import type { Studio } from '../../state/studio.svelte.ts';

/** One thing a person can do with a key. `Mod` is Cmd on a Mac and Ctrl elsewhere. */
export interface Command {
  readonly name: string;
  readonly keys: string;
  /** Works while a person writes. The others would take letters and arrows away from the text. */
  readonly whileWriting: boolean;
  readonly run: () => void;
}

/** What the window itself does for commands. */
export interface WindowActs {
  readonly pick: () => void;
  readonly openExport: () => void;
  readonly openHelp: () => void;
}

/** Every command with its key: the one list that the keyboard and the help read. */
export function listCommands(studio: Studio, acts: WindowActs): readonly Command[] {
  const { preferences, drawing, manuscript, reading, facts } = studio;
  const hasPicture = (): boolean => manuscript.picture !== null;
  const nextMode = (): void => {
    const at = compareModes.indexOf(preferences.values.compareMode);
    preferences.set({ compareMode: compareModes[(at + 1) % compareModes.length] ?? 'side-by-side' });
  };
  const openLength = (index: number): void => {
    const length = facts.lengths[index];
    if (length !== undefined && manuscript.snapshot.versions[String(length)] !== undefined) studio.openLength(length);
  };
  const cancel = (): void => {
    if (drawing.busy) studio.attempt(drawing.cancel());
    else if (reading.state.type === 'reading') studio.attempt(reading.cancel());
  };
  return [
    { name: 'Generate', keys: 'Mod+Enter', whileWriting: true, run: () => studio.attempt(drawing.generate()) },
    { name: 'Cancel what runs', keys: 'Escape', whileWriting: true, run: cancel },
    { name: 'Open a picture', keys: 'Mod+O', whileWriting: true, run: acts.pick },
    { name: 'Read the picture again', keys: 'Mod+E', whileWriting: true, run: () => studio.attempt(reading.read()) },
    { name: 'Shortest text', keys: 'Alt+1', whileWriting: true, run: () => openLength(0) },
    { name: 'Middle text', keys: 'Alt+2', whileWriting: true, run: () => openLength(1) },
    { name: 'Longest text', keys: 'Alt+3', whileWriting: true, run: () => openLength(2) },
    { name: 'Copy the prompt as…', keys: 'Mod+Shift+C', whileWriting: true, run: acts.openExport },
    { name: 'Undo', keys: 'Mod+Z', whileWriting: false, run: () => manuscript.undo() },
    { name: 'Redo', keys: 'Mod+Shift+Z', whileWriting: false, run: () => manuscript.redo() },
    { name: 'Compare: next way', keys: 'C', whileWriting: false, run: nextMode },
    {
      name: 'Difference as heat',
      keys: 'H',
      whileWriting: false,
      run: () =>
        preferences.set({ compareMode: preferences.values.compareMode === 'difference' ? 'side-by-side' : 'difference' }),
    },
    {
      name: 'Attention on or off',
      keys: 'A',
      whileWriting: false,
      run: () => preferences.set({ attention: !preferences.values.attention }),
    },
    { name: 'Newer result', keys: 'ArrowLeft', whileWriting: false, run: () => drawing.results.step(1) },
    { name: 'Older result', keys: 'ArrowRight', whileWriting: false, run: () => drawing.results.step(-1) },
    { name: 'These keys', keys: '?', whileWriting: false, run: acts.openHelp },
    { name: 'Before (hold)', keys: 'B', whileWriting: false, run: () => (studio.view.before = hasPicture()) },
  ];
}
