import type { MessageKey } from './message-key.ts';

/** A text, or the forms of one that counts: `count` chooses the form, as the language's own plural rules say. */
export type Message = string | { readonly one: string; readonly other: string };

/** All texts of one language. */
export type Messages = Readonly<Record<MessageKey, Message>>;

/** What stands in the place of `{names}`. Numbers are written as the language writes them; a seed or an id is text. */
export type MessageValues = Readonly<Record<string, string | number>>;
