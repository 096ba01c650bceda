import { z } from 'zod';

/** What a blend's answer holds. */
export const blendAnswerSchema = z.object({ aPlusB: z.string().trim().min(1), bPlusA: z.string().trim().min(1) });
export type BlendAnswer = z.infer<typeof blendAnswerSchema>;

/** The same as servers take it: every property required, nothing else allowed. */
export const blendAnswerForm = {
  name: 'blend',
  schema: {
    type: 'object',
    properties: {
      aPlusB: { type: 'string', description: "the first picture's main object in the second one's scene" },
      bPlusA: { type: 'string', description: "the second picture's main object in the first one's scene" },
    },
    required: ['aPlusB', 'bPlusA'],
    additionalProperties: false,
  },
} as const;

/** The JSON in an answer that may have words or a fence around it; from the first brace on, where it was cut off. */
function findJson(text: string): string | null {
  const start = text.indexOf('{');
  if (start < 0) return null;
  const end = text.lastIndexOf('}');
  return end > start ? text.slice(start, end + 1) : text.slice(start);
}

/** A string property in JSON that need not be whole; a string that breaks off is given as far as it goes. */
function readProperty(json: string, name: string): string | null {
  const found = new RegExp(`"${name}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)`, 's').exec(json)?.[1];
  if (found === undefined) return null;
  try {
    return z.string().parse(
      JSON.parse(
        `"${found
          .replaceAll('\n', '\\n')
          .replaceAll('\t', '\\t')
          .replace(/\\u[0-9a-f]{0,3}$/i, '')}"`,
      ),
    );
  } catch {
    // An escape that is none: the letters as they stand say more than nothing.
    return found;
  }
}

/** What an answer that is still being written says so far. */
export function readPartialAnswer(text: string): BlendAnswer {
  const json = findJson(text) ?? '';
  return { aPlusB: readProperty(json, 'aPlusB') ?? '', bPlusA: readProperty(json, 'bPlusA') ?? '' };
}

/**
 * Reads an answer. One with words around its JSON, raw line breaks or commas too many is mended; one that broke off, or lacks a part, is
 * none.
 */
export function readAnswer(text: string): BlendAnswer | null {
  const json = findJson(text);
  if (json === null) return null;
  for (const candidate of [json, json.replace(/,\s*\}/gu, '}').replaceAll(/[\n\t\r]+/gu, ' ')]) {
    try {
      const parsed = blendAnswerSchema.safeParse(JSON.parse(candidate));
      if (parsed.success) return parsed.data;
    } catch {
      // The next way to read it.
    }
  }
  // Single quotes and names without quotes are no JSON, but two whole strings under their names are an answer.
  const strings = ['aPlusB', 'bPlusA'].map((name) => new RegExp(`"${name}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"`, 's').test(json));
  if (!strings.every(Boolean)) return null;
  const mended = blendAnswerSchema.safeParse(readPartialAnswer(json));
  return mended.success ? mended.data : null;
}
