import type { Command } from '../../state/frame/command.ts';
import type { Workspace } from '../../state/frame/workspace.ts';
import type { Page } from '../../state/page.svelte.ts';
import { say } from '../../language/say.ts';

const themes = ['system', 'dark', 'light'] as const;

/** What works everywhere: opening pictures, going to a place, the overlays, the theme. */
export function listFrameCommands(page: Page, workspaces: readonly Workspace[]): readonly Command[] {
  const { overlays, place, preferences, notices } = page;
  const everywhere = { where: 'everywhere', whileWriting: true } as const;
  return [
    {
      id: 'open-pictures',
      name: () => say('command.open-pictures'),
      keys: 'Mod+O',
      ...everywhere,
      run: () => overlays.openFileDialog(),
    },
    ...workspaces.map(({ name, title, keys }): Command => ({
      id: `show-${name}`,
      name: () => say('command.show', { place: title() }),
      keys,
      ...everywhere,
      run: () => place.show(name),
      whyNot: () => (place.current === name ? say('hindrance.here') : null),
    })),
    {
      id: 'show-palette',
      name: () => say('command.show-palette'),
      keys: 'Mod+K',
      ...everywhere,
      run: () => (overlays.palette = true),
    },
    {
      id: 'show-shortcuts',
      name: () => say('command.show-shortcuts'),
      keys: '?',
      ...everywhere,
      whileWriting: false,
      run: () => (overlays.help = true),
    },
    {
      id: 'answer-notice',
      name: () => say('command.answer-notice'),
      keys: 'F8',
      ...everywhere,
      run: () => notices.focus(),
      whyNot: () => (notices.answerable ? null : say('hindrance.noNotice')),
    },
    {
      id: 'toggle-inspector',
      name: () => say('command.toggle-inspector'),
      keys: null,
      where: ['studio'],
      whileWriting: true,
      run: () => page.dock.toggle('draw'),
    },
    ...themes.map((theme): Command => ({
      id: `theme-${theme}`,
      name: () => say(`command.theme-${theme}`),
      keys: null,
      ...everywhere,
      run: () => preferences.set({ theme }),
      whyNot: () => (preferences.values.theme === theme ? say('hindrance.theme') : null),
    })),
  ];
}
