/** Keys as a person reads them: `Ctrl ↵`, `⌘ ⇧ C`. */
export function describeKeys(keys: string, mac: boolean): string {
  const names: Readonly<Record<string, string>> = {
    Mod: mac ? '⌘' : 'Ctrl',
    Shift: mac ? '⇧' : 'Shift',
    Alt: mac ? '⌥' : 'Alt',
    Enter: '↵',
    Escape: 'Esc',
    ArrowLeft: '←',
    ArrowRight: '→',
    ArrowUp: '↑',
    ArrowDown: '↓',
  };
  return keys
    .split('+')
    .map((part) => names[part] ?? part)
    .join(' ');
}
