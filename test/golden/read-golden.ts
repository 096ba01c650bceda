import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';

/** Reads test/golden/<name>.json, or <name>.json.gz for a large one, and checks its form; the cases have the given shape. */
export function readGolden<Case extends z.ZodType>(
  name: string,
  caseSchema: Case,
): { tolerance: number; cases: z.infer<Case>[] } {
  const plain = new URL(`./${name}.json`, import.meta.url);
  const packed = new URL(`./${name}.json.gz`, import.meta.url);
  const text = existsSync(plain) ? readFileSync(plain, 'utf8') : gunzipSync(readFileSync(packed)).toString('utf8');
  return z.object({ tolerance: z.number(), cases: z.array(caseSchema) }).parse(JSON.parse(text));
}

/** The largest difference of two equally long lists; infinite when lengths differ or a number is not finite. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let index = 0; index < expected.length; index += 1) {
    const difference = Math.abs((actual[index] ?? Number.NaN) - (expected[index] ?? Number.NaN));
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
}
