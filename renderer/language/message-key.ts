import type english from './en.json';

/** Every message there is: English is complete. */
export type MessageKey = Exclude<keyof typeof english, symbol | number>;
