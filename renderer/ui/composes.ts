/** True for a key that belongs to an input method: Enter then takes the word it offers. */
export function composes(event: KeyboardEvent): boolean {
  // Safari ends the composition before its last key, and tells of it only by this old number.
  return event.isComposing || event.key === 'Process' || Reflect.get(event, 'keyCode') === 229;
}
