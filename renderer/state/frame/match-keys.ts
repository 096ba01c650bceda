import { parseKeys } from './parse-keys.ts';
import { pressedKey } from './pressed-key.ts';

/** True when an event is the press of `keys`, such as `Mod+Shift+C`, `Alt+1`, `Escape` or `?`. */
export function matchKeys(event: KeyboardEvent, keys: string, mac: boolean): boolean {
  const { mod, alt, shift, key } = parseKeys(keys);
  if ((mac ? event.metaKey : event.ctrlKey) !== mod) return false;
  if ((mac ? event.ctrlKey : event.metaKey) || event.altKey !== alt) return false;
  // A sign such as ? is made with Shift on some keyboards, so there Shift is not asked about.
  if (/^[a-z0-9]$|^\w{2,}$/i.test(key) && event.shiftKey !== shift) return false;
  // With Alt, the character differs by keyboard (Alt+1 is ¡ on a Mac), so these go by their place.
  if (/^[0-9]$/.test(key) && event.code === `Digit${key}`) return true;
  if (alt && /^[a-z]$/i.test(key) && event.code === `Key${key.toUpperCase()}`) return true;
  return writesKey(event, keys) || pressedKey(event).toLowerCase() === key.toLowerCase();
}

/** True when the press writes the very character of `keys`, whatever its place on the keyboard. */
export function writesKey(event: KeyboardEvent, keys: string): boolean {
  return event.key.toLowerCase() === parseKeys(keys).key.toLowerCase();
}
