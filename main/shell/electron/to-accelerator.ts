const electronNames: Readonly<Record<string, string>> = {
  Mod: 'CmdOrCtrl',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  Escape: 'Esc',
};
/** What Electron takes as the last part; another name would make it refuse the whole menu. */
const knownKey =
  /^([A-Z0-9]|F([1-9]|1\d|2[0-4])|[-=,./\\;'`?[\]]|Plus|Space|Tab|Backspace|Delete|Insert|Enter|Up|Down|Left|Right|Home|End|PageUp|PageDown|Esc)$/;

/** The page's way of writing keys (`Mod+Shift+C`, `ArrowLeft`, `+`) as Electron's; null for keys it has no name for. */
export function toAccelerator(keys: string): string | null {
  const parts = keys === '+' ? ['Plus'] : keys.endsWith('++') ? [...keys.slice(0, -2).split('+'), 'Plus'] : keys.split('+');
  const named = parts.map((part) => electronNames[part] ?? (part.length === 1 ? part.toUpperCase() : part));
  const modifiers = named.slice(0, -1);
  const key = named.at(-1) ?? '';
  if (!knownKey.test(key) || !modifiers.every((name) => /^(CmdOrCtrl|Alt|Shift)$/.test(name))) return null;
  return named.join('+');
}
