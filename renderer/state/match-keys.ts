/** True when an event is the press of `keys`, such as `Mod+Shift+C`, `Alt+1`, `Escape` or `?`. */
export function matchKeys(event: KeyboardEvent, keys: string, mac: boolean): boolean {
  const parts = keys.split('+');
  const key = parts.at(-1) ?? '';
  const wants = (name: string): boolean => parts.slice(0, -1).includes(name);
  if ((mac ? event.metaKey : event.ctrlKey) !== wants('Mod')) return false;
  if ((mac ? event.ctrlKey : event.metaKey) || event.altKey !== wants('Alt')) return false;
  // A sign such as ? is made with Shift on some keyboards, so there Shift is not asked about.
  if (/^[a-z0-9]$|^\w{2,}$/i.test(key) && event.shiftKey !== wants('Shift')) return false;
  // With Alt, the character differs by keyboard (Alt+1 is ¡ on a Mac), so digits go by their place.
  if (/^[0-9]$/.test(key) && event.code === `Digit${key}`) return true;
  return event.key.toLowerCase() === key.toLowerCase();
}
