import { createContext } from 'svelte';
import type { Studio } from './studio.svelte.ts';

/** How components reach the studio without handing it through every layer. */
export const [getStudio, setStudio] = createContext<Studio>();
