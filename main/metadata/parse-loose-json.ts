/** Strings stay as they are, also one without an end, so that none is searched twice; outside of them Python writes numbers that JSON does not have. */
const stringOrOddNumber = /"(?:[^"\\]|\\[^])*"?|-?\bInfinity\b|\bNaN\b/g;

/**
 * JSON as Python writes it: `NaN` and `Infinity`, which JSON does not have, become null, and whole numbers that a JavaScript number does not
 * hold (seeds of 64 bits) become texts of their digits. Returns undefined for what is no JSON.
 */
export function parseLooseJson(text: string): unknown {
  const clean = text.replace(stringOrOddNumber, (found) => (found.startsWith('"') ? found : 'null'));
  try {
    return JSON.parse(clean, (_key, value: unknown, context?: { readonly source?: string }) => {
      const source = context?.source;
      if (typeof value !== 'number' || source === undefined || Number.isSafeInteger(value)) return value;
      return /^\d{1,20}$/.test(source) ? source : value;
    });
  } catch {
    // Told by whoever asked for it: most texts of pictures are none.
    return undefined;
  }
}
