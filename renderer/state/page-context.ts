import { createContext } from 'svelte';
import type { Page } from './page.svelte.ts';

/** How components reach what the page knows without handing it through every layer. */
export const [getPage, setPage] = createContext<Page>();
