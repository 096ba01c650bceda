import { parseKeys } from './parse-keys.ts';

const keyNames: Readonly<Record<string, string>> = {
  Enter: '↵',
  Escape: 'Esc',
  Delete: 'Del',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ' ': 'Space',
  '-': '−',
};

/** Keys as a person reads them: `Ctrl ↵`, `⌘ ⇧ C`. */
export function describeKeys(keys: string, mac: boolean): string {
  const { mod, alt, shift, key } = parseKeys(keys);
  const parts = [
    mod ? (mac ? '⌘' : 'Ctrl') : '',
    alt ? (mac ? '⌥' : 'Alt') : '',
    shift ? (mac ? '⇧' : 'Shift') : '',
    keyNames[key] ?? key,
  ];
  return parts.filter((part) => part !== '').join(' ');
}
