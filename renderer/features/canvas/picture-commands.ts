import type { Command } from '../../state/frame/command.ts';
import { compareModes } from '../../state/frame/preferences.svelte.ts';
import type { Studio } from '../../state/studio.svelte.ts';

const where = ['studio'] as const;

/** How the pictures of the Studio are compared and pointed at. */
export function listPictureCommands(studio: Studio): readonly Command[] {
  const { preferences, drawing, manuscript, view, attention } = studio;
  const resultMissing = (): string | null => (drawing.results.selected === null ? 'Nothing has been drawn yet.' : null);
  const incomparable = (): string | null => (manuscript.picture === null ? 'No picture is open.' : resultMissing());
  const nextMode = (): void => {
    const at = compareModes.indexOf(preferences.values.compareMode);
    preferences.set({ compareMode: compareModes[(at + 1) % compareModes.length] ?? 'side-by-side' });
  };
  const toggleHeat = (): void =>
    preferences.set({ compareMode: preferences.values.compareMode === 'difference' ? 'side-by-side' : 'difference' });
  return [
    {
      id: 'compare-mode',
      name: 'Compare: next way',
      keys: 'C',
      where,
      whileWriting: false,
      run: nextMode,
      whyNot: incomparable,
    },
    {
      id: 'before-after',
      name: 'Before (hold)',
      keys: 'B',
      where,
      whileWriting: false,
      run: () => (view.before = !view.before),
      release: () => (view.before = false),
      whyNot: () => (manuscript.picture === null ? 'No picture is open.' : null),
    },
    {
      id: 'heat-map',
      name: 'Difference as heat',
      keys: 'H',
      where,
      whileWriting: false,
      run: toggleHeat,
      whyNot: incomparable,
    },
    {
      id: 'toggle-attention',
      name: 'Attention on or off',
      keys: 'A',
      where,
      whileWriting: false,
      run: () => preferences.set({ attention: !preferences.values.attention }),
    },
    {
      id: 'blind-spots',
      name: 'Blind spots on or off',
      keys: 'N',
      where,
      whileWriting: false,
      run: () => view.toggleBlind(),
      whyNot: () => (attention.blindSpots === null ? 'No word here was read from the picture.' : null),
    },
  ];
}
