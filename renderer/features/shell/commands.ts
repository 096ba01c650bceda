import type { Command } from '../../state/frame/command.ts';
import type { Workspace } from '../../state/frame/workspace.ts';
import type { Page } from '../../state/page.svelte.ts';
import { listFrameCommands } from './frame-commands.ts';

/** Every command of the page: the one list that the keyboard, the palette, the help, the settings and the desktop's menus read. */
export function listCommands(page: Page, workspaces: readonly Workspace[]): readonly Command[] {
  return [...workspaces.flatMap(({ commands }) => commands(page)), ...listFrameCommands(page, workspaces)];
}
