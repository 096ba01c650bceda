import { language } from './language.svelte.ts';

/** Says a message, writes a number, a share, a time or a list in the page’s language. In a component or a `$derived` it follows the choice of another. */
export const { say, titleError, sayError, fixed, brief, number, percent, time, moment, clock, month, list } = language;
