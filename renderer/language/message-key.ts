import type { english } from './english.ts';

/** Every message there is. */
export type MessageKey = keyof typeof english;
