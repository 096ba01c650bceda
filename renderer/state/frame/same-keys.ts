import { parseKeys } from './parse-keys.ts';

/** True when two ways of writing keys mean the same press. */
export function sameKeys(a: string, b: string): boolean {
  const [one, other] = [parseKeys(a), parseKeys(b)];
  return (
    one.mod === other.mod &&
    one.alt === other.alt &&
    one.shift === other.shift &&
    one.key.toLowerCase() === other.key.toLowerCase()
  );
}
