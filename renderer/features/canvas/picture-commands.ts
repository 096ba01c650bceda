import type { Command } from '../../state/frame/command.ts';
import { compareModes } from '../../state/frame/preferences.svelte.ts';
import type { Page } from '../../state/page.svelte.ts';
import { say } from '../../language/say.ts';

const where = ['studio'] as const;

/** How the pictures of the Studio are compared and pointed at. */
export function listPictureCommands(page: Page): readonly Command[] {
  const { preferences, drawing, work, view, attention } = page;
  const resultMissing = (): string | null => (drawing.results.selected === null ? say('hindrance.nothingDrawn') : null);
  const incomparable = (): string | null => (work.picture === null ? say('hindrance.noOpenPicture') : resultMissing());
  const nextMode = (): void => {
    const at = compareModes.indexOf(preferences.values.compareMode);
    preferences.set({ compareMode: compareModes[(at + 1) % compareModes.length] ?? 'side-by-side' });
  };
  const toggleHeat = (): void =>
    preferences.set({ compareMode: preferences.values.compareMode === 'difference' ? 'side-by-side' : 'difference' });
  return [
    {
      id: 'compare-mode',
      name: () => say('command.compare-mode'),
      keys: 'C',
      where,
      whileWriting: false,
      run: nextMode,
      whyNot: incomparable,
    },
    {
      id: 'before-after',
      name: () => say('command.before-after'),
      keys: 'B',
      where,
      whileWriting: false,
      run: () => (view.before = !view.before),
      release: () => (view.before = false),
      whyNot: () => (work.picture === null ? say('hindrance.noOpenPicture') : null),
    },
    {
      id: 'heat-map',
      name: () => say('command.heat-map'),
      keys: 'H',
      where,
      whileWriting: false,
      run: toggleHeat,
      whyNot: incomparable,
    },
    {
      id: 'toggle-attention',
      name: () => say('command.toggle-attention'),
      keys: 'A',
      where,
      whileWriting: false,
      run: () => preferences.set({ attention: !preferences.values.attention }),
    },
    {
      id: 'hold-attention',
      name: () => say('command.hold-attention'),
      keys: 'Alt+A',
      where,
      whileWriting: true,
      run: () => (attention.held = true),
      release: () => (attention.held = false),
      whyNot: () => (work.document === null ? say('hindrance.noText') : null),
    },
    {
      id: 'toggle-marks',
      name: () => say('command.toggle-marks'),
      keys: 'M',
      where,
      whileWriting: false,
      run: () => preferences.set({ marks: !preferences.values.marks }),
    },
    {
      id: 'blind-spots',
      name: () => say('command.blind-spots'),
      keys: 'N',
      where,
      whileWriting: false,
      run: () => view.toggleBlind(),
      whyNot: () => (attention.blindSpots === null ? say('canvas.noneRead') : null),
    },
  ];
}
