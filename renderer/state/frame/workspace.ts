import type { Component } from 'svelte';
import type { Page } from '../page.svelte.ts';
import type { OpenedWorkspace } from './opened-workspaces.ts';
import type { PlaceName } from './place.svelte.ts';

/**
 * A place of the studio and all it brings along. A feature registers itself by one of these in a file of its own, and by one line in
 * `renderer/workspaces.ts`; the page, the rail, the screens, the palette, the keyboard, the help and the desktop's menus read nothing else.
 */
export interface Workspace {
  /** Unlike that of any other; commands name it in `where`, and it is remembered as the place a person was at. */
  readonly name: PlaceName;
  /** What a person reads, in the page’s language. */
  readonly title: () => string;
  readonly icon: Component<{ size?: number }>;
  /** The keys that go there; null for none until a person gives some. */
  readonly keys: string | null;
  /** What is written under its icon in the rail, with soft hyphens where it is long. */
  readonly label: () => string;
  /** Its group in the rail: where one works, where things are kept, what everything rests on. */
  readonly group: 'work' | 'kept' | 'base';
  /** Where notices lie over its screen, in CSS pixels from the top or the bottom of the window: over pictures and rows, never over a control. */
  readonly notices: { readonly top: number } | { readonly bottom: number };
  /** Loads its screen: a component without properties whose root is `<main>`. Null for the first place, whose screen is there from the start. */
  readonly load: (() => Promise<{ default: Component }>) | null;
  /** Opens it on a page, with whatever it keeps as long as the page lives. Once a page, before the core is asked anything. */
  readonly open: (page: Page) => OpenedWorkspace;
}
