/** What of a key's press says which key it was. */
type Press = Pick<KeyboardEvent, 'key' | 'code'>;

/**
 * The key of a press as commands name it. On keyboards of other scripts, where a key writes no Latin letter (л, λ, ל, لا),
 * it is the Latin letter that stands on the same key; named keys such as Enter or Process stay as they are.
 */
export function pressedKey({ key, code }: Press): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  return letter === undefined || /^[a-z]$|^[a-z]\w+$/i.test(key) ? key : letter;
}
