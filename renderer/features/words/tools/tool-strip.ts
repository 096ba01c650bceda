import { createContext } from 'svelte';

/** The element above which the panels of the words' tools open. */
export const [getToolStrip, setToolStrip] = createContext<() => HTMLElement | null>();
