import { language } from './language.svelte.ts';

/** Says a message in the page's language. In a component or a `$derived` it follows the choice of another. */
export const { say, fixed } = language;
