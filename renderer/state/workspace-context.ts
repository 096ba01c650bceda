import { createContext } from 'svelte';
import type { Workspace } from './frame/workspace.ts';

/** How the frame around the screens reaches what registered itself. */
export const [getWorkspaces, setWorkspaces] = createContext<readonly Workspace[]>();
