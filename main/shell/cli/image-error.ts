import { z } from 'zod';
import { errorCodeSchema } from '../../../contract/errors.ts';
import type { ErrorBody } from '../../../contract/errors.ts';

/** One picture of a batch that failed; the others went on. */
export const imageErrorSchema = z.object({ image: z.string(), code: errorCodeSchema, message: z.string(), hint: z.string() });
export type ImageError = z.infer<typeof imageErrorSchema>;

export function imageError(image: string, { code, message, hint }: Pick<ErrorBody, 'code' | 'message' | 'hint'>): ImageError {
  return { image, code, message, hint };
}
