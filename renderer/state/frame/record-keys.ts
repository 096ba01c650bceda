import type { Command } from './command.ts';
import { pressedKey } from './pressed-key.ts';
import { say } from '../../language/say.ts';

/** What a press may become: keys for a command, or why it may not. Null while only Ctrl, Alt, Shift or Cmd is down. */
export type RecordedKeys =
  { readonly type: 'keys'; readonly keys: string } | { readonly type: 'refused'; readonly reason: string } | null;

const modifiers = ['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead', 'Process', 'Unidentified'];
/** How a person moves, chooses and leaves: with these taken away there would be no way back. */
const movingKeys = ['Tab', 'Enter', ' ', 'Escape', 'Backspace', 'Delete', 'Home', 'End', 'PageUp', 'PageDown'];
const textKeys = ['A', 'C', 'V', 'X'];
const windowKeys = ['T', 'N', 'W', 'Q', 'R'];

function keyOf(event: KeyboardEvent): string {
  const place = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(event.code);
  // With Alt, and for digits with Shift, the character is another one on every keyboard; the place stays.
  const byPlace = place?.[2] ?? (event.altKey ? place?.[1] : undefined);
  const key = byPlace ?? pressedKey(event);
  return key.length === 1 ? key.toUpperCase() : key;
}

/** The keys of a press for this command, checked so that writing, moving and the browser go on working. */
export function recordKeys(event: KeyboardEvent, command: Command, mac: boolean): RecordedKeys {
  if (modifiers.includes(event.key)) return null;
  const key = keyOf(event);
  const mod = mac ? event.metaKey : event.ctrlKey;
  const shift = event.shiftKey && /^[A-Z0-9]$|^\w{2,}$/i.test(key);
  const keys = [mod ? 'Mod' : '', event.altKey ? 'Alt' : '', shift ? 'Shift' : '', key].filter((part) => part !== '').join('+');
  const refused = (reason: string): RecordedKeys => ({ type: 'refused', reason });
  if (mac ? event.ctrlKey : event.metaKey) return refused(say(mac ? 'settings.shortcuts.useCmd' : 'settings.shortcuts.useCtrl'));
  if (!mod && !event.altKey && movingKeys.includes(key)) return refused(say('settings.shortcuts.moving'));
  if (mod && !event.altKey && !shift && textKeys.includes(key)) return refused(say('settings.shortcuts.copying'));
  if (mod && !event.altKey && windowKeys.includes(key)) return refused(say('settings.shortcuts.browser'));
  const writes = !mod && !event.altKey && !/^F\d{1,2}$/.test(key);
  if (writes && command.whileWriting) return refused(say('settings.shortcuts.whileWriting'));
  return { type: 'keys', keys };
}
