import { pluralRules, writeNumber } from './kept-formats.ts';
import type { Message, MessageValues } from './message.ts';

/**
 * Chooses the form by `count` and puts values in the place of `{names}`. A name without a value stays, so that the lack is seen.
 * @param tag the language the message is in, for its plural rules and its way of writing numbers
 */
export function fillMessage(message: Message, values: MessageValues, tag: string): string {
  const text = typeof message === 'string' ? message : message[formOf(values['count'], tag)];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? writeNumber(value, tag) : value;
  });
}

/** Languages here have two forms; whoever adds one with more adds its forms to `Message`. */
function formOf(count: string | number | undefined, tag: string): 'one' | 'other' {
  return typeof count === 'number' && pluralRules(tag).select(count) === 'one' ? 'one' : 'other';
}
