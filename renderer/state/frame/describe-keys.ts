import { parseKeys } from './parse-keys.ts';
import type { MessageKey } from '../../language/message-key.ts';
import { say } from '../../language/say.ts';

/** Signs that are the same in every language. */
const signs: Readonly<Record<string, string>> = {
  Enter: '↵',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  '-': '−',
};
/** What is printed on the keys of a language. */
const printed: Readonly<Record<string, MessageKey>> = { Escape: 'key.escape', Delete: 'key.delete', ' ': 'key.space' };

/** Keys as a person reads them: `Ctrl ↵`, `Strg ↵`, `⌘ ⇧ C`. */
export function describeKeys(keys: string, mac: boolean): string {
  const { mod, alt, shift, key } = parseKeys(keys);
  const print = printed[key];
  const parts = [
    mod ? (mac ? '⌘' : say('key.ctrl')) : '',
    alt ? (mac ? '⌥' : say('key.alt')) : '',
    shift ? (mac ? '⇧' : say('key.shift')) : '',
    print === undefined ? (signs[key] ?? key) : say(print),
  ];
  return parts.filter((part) => part !== '').join(' ');
}
