import { randomInt } from 'node:crypto';
import type { JobRequest } from '../../contract/job.ts';

/** A PyTorch generator uses the low 32 bits of a seed. */
const SEEDS = 2 ** 32;

/**
 * The request with a seed in it. Chance is decided here, once, when a job is submitted: a job that starts again after a
 * crash draws the same pictures.
 */
export function withSeed(request: JobRequest): JobRequest {
  if (request.kind === 'encode' || request.settings.seed !== undefined) return request;
  return { ...request, settings: { ...request.settings, seed: randomInt(SEEDS) } };
}
