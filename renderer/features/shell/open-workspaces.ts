import type { Workspace } from '../../state/frame/workspace.ts';
import type { Page } from '../../state/page.svelte.ts';
import { listFrameCommands } from './frame-commands.ts';

/** Opens the places a page consists of, with their commands and those of the frame; once, before the page starts. */
export function openWorkspaces(page: Page, workspaces: readonly Workspace[]): void {
  page.place.register(workspaces.map(({ name }) => name));
  page.workspaces.take(workspaces.map(({ open }) => open(page)));
  page.shortcuts.register([...page.workspaces.commands, ...listFrameCommands(page, workspaces)]);
}
