import { randomInt } from 'node:crypto';
import type { JobRequest, PromptSource } from '../../contract/job.ts';
import type { GenerateSettings } from '../../contract/recipe.ts';

/** A PyTorch generator uses the low 32 bits of a seed. */
const SEEDS = 2 ** 32;

/** Chance is decided once, when a job is submitted: a job that starts again after a crash draws the same pictures. */
function withSeed(settings: GenerateSettings): GenerateSettings {
  return settings.seed === undefined ? { ...settings, seed: randomInt(SEEDS) } : settings;
}

/**
 * What drawing needs of a prompt. A job is stored and pushed to every page at each step; the alternatives and attention
 * maps of its text, which the library keeps, would be most of that.
 */
function slim(prompt: PromptSource): PromptSource {
  if (prompt.type === 'text') return prompt;
  const slots = prompt.document.slots.map((slot) => ({ ...slot, alternatives: [], attention: null }));
  return { type: 'document', document: { ...prompt.document, slots } };
}

/** A request as the queue keeps it. */
export function prepareRequest(request: JobRequest): JobRequest {
  switch (request.kind) {
    case 'encode':
      return request;
    case 'generate':
      return { ...request, prompt: slim(request.prompt), settings: withSeed(request.settings) };
    case 'roundtrip':
      return { ...request, settings: withSeed(request.settings) };
  }
}
