import type { DialectInput, DialectOutput } from './dialect.ts';
import { noteOptions } from './note-options.ts';
import { sizeForAspect } from './size-for-aspect.ts';

/**
 * Text for SDXL pipelines: both encoders (CLIP ViT-L and OpenCLIP bigG) read the same text with the same vocabulary and
 * stop after 75 tokens; a pipeline takes a second text for the second encoder, which is given what the first would cut. Pipelines read no syntax for weights. Sizes are multiples of 64 near 1024², as SDXL was trained.
 */
export function writeSdxl({ words, options, budget }: DialectInput): DialectOutput {
  const notes: string[] = [];
  const text = words.map((word) => word.text).join(' ');
  const second = budget.keptCharacters === null ? '' : text.slice(budget.keptCharacters).trim();
  if (budget.limit !== null && budget.tokens > budget.limit) {
    const cut = budget.tokens - budget.limit;
    notes.push(`SDXL's two text encoders read ${budget.limit} tokens; the last ${cut} of ${budget.tokens} would be cut.`);
    notes.push(`They are for the second prompt (prompt_2, text_g), which the second encoder reads: ${second}`);
  }
  if (words.some((word) => word.weight !== 1)) {
    notes.push('SDXL pipelines read no weights, so they are left out; the a1111 and comfyui exports carry them.');
  }
  notes.push(...noteOptions(options, 'the pipeline'));
  if (options.aspect !== undefined) {
    const { width, height } = sizeForAspect(options.aspect, 1024, 64);
    notes.push(`Aspect ${options.aspect} at SDXL's own area is ${width} × ${height} pixels.`);
  }
  return { text, ...(second === '' ? {} : { second }), notes };
}
