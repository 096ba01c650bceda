import type { Command } from '../../state/frame/command.ts';
import type { Workspace } from '../../state/frame/workspace.ts';
import type { Studio } from '../../state/studio.svelte.ts';

const themes = [
  ['system', 'Theme: as the system'],
  ['dark', 'Theme: dark'],
  ['light', 'Theme: light'],
] as const;

/** What works everywhere: opening pictures, going to a place, the overlays, the theme. */
export function listFrameCommands(studio: Studio, workspaces: readonly Workspace[]): readonly Command[] {
  const { overlays, place, preferences, notices } = studio;
  const everywhere = { where: 'everywhere', whileWriting: true } as const;
  return [
    { id: 'open-pictures', name: 'Open a picture', keys: 'Mod+O', ...everywhere, run: () => overlays.openFileDialog() },
    ...workspaces.map(({ name, title, keys }): Command => ({
      id: `show-${name}`,
      name: `Go to ${title}`,
      keys,
      ...everywhere,
      run: () => place.show(name),
      whyNot: () => (place.current === name ? 'You are here.' : null),
    })),
    { id: 'show-palette', name: 'Command palette', keys: 'Mod+K', ...everywhere, run: () => (overlays.palette = true) },
    {
      id: 'show-shortcuts',
      name: 'Keys and marks',
      keys: '?',
      ...everywhere,
      whileWriting: false,
      run: () => (overlays.help = true),
    },
    {
      id: 'answer-notice',
      name: 'Go to the newest notice',
      keys: 'F8',
      ...everywhere,
      run: () => notices.focus(),
      whyNot: () => (notices.answerable ? null : 'No notice waits for an answer.'),
    },
    {
      id: 'toggle-inspector',
      name: 'Inspector on or off',
      keys: null,
      where: ['studio'],
      whileWriting: true,
      run: () => preferences.set({ inspectorOpen: !preferences.values.inspectorOpen }),
    },
    ...themes.map(([theme, name]): Command => ({
      id: `theme-${theme}`,
      name,
      keys: null,
      ...everywhere,
      run: () => preferences.set({ theme }),
      whyNot: () => (preferences.values.theme === theme ? 'This is the theme now.' : null),
    })),
  ];
}
