/** Keys taken apart. `key` is as `KeyboardEvent.key` names it, such as `C`, `Enter` or `+`. */
export interface KeyCombination {
  readonly mod: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly key: string;
}

/** Reads keys as commands write them: `Mod+Shift+C`, `Alt+1`, `?`, `+`, `Mod++`. */
export function parseKeys(keys: string): KeyCombination {
  const plus = keys === '+' || keys.endsWith('++');
  const parts = (plus ? keys.slice(0, -1) : keys).split('+').filter((part) => part !== '');
  const key = plus ? '+' : (parts.pop() ?? '');
  return { mod: parts.includes('Mod'), alt: parts.includes('Alt'), shift: parts.includes('Shift'), key };
}
