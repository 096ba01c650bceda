import LibraryBig from '@lucide/svelte/icons/library-big';
import ListTodo from '@lucide/svelte/icons/list-todo';
import Package from '@lucide/svelte/icons/package';
import Paintbrush from '@lucide/svelte/icons/paintbrush';
import Settings from '@lucide/svelte/icons/settings';
import type { Component } from 'svelte';
import type { PlaceName } from '../../state/frame/place-names.ts';

export interface PlaceEntry {
  readonly name: PlaceName;
  readonly title: string;
  readonly icon: Component<{ size?: number }>;
  /** Loads the screen. Null for the Studio, which is there from the start, and for a place that has no screen. */
  readonly load: (() => Promise<{ default: Component }>) | null;
}

/** The places that have a screen, in the order of the rail. A screen is a component without properties whose root is `<main>`. */
export const places: readonly PlaceEntry[] = [
  { name: 'studio', title: 'Studio', icon: Paintbrush, load: null },
  { name: 'library', title: 'Library', icon: LibraryBig, load: () => import('../library/LibraryScreen.svelte') },
  { name: 'batch', title: 'Batch', icon: ListTodo, load: () => import('../batch/BatchScreen.svelte') },
  { name: 'packs', title: 'Packs', icon: Package, load: () => import('../packs/PacksScreen.svelte') },
  { name: 'settings', title: 'Settings', icon: Settings, load: () => import('../settings/SettingsScreen.svelte') },
];
