import { oc } from '@orpc/contract';
import type { z } from 'zod';
import { errorBodySchema } from './errors.ts';

/** How every method begins. Every expected failure travels as one typed error; its body says which. */
export const method = oc.errors({ STUDIO: { status: 422, data: errorBodySchema } });

/** A method that only looks and takes nothing: for programs `GET /api/<group>/<method>`, where all others are POST. */
export const look = method.route({ method: 'GET' });

/** One that looks at the one thing its address ends with. */
export function lookAt<Reference extends z.ZodType>(path: `/${string}/{${string}}`, reference: Reference) {
  return method.route({ method: 'GET', path }).input(reference);
}
