import type { LocalRecipe, Recipe } from '../../contract/recipe.ts';
import { composeGraph } from './compose-graph.ts';
import { nameSampler } from './name-sampler.ts';

/** A prompt and what is not wanted, as one tool takes them. */
export interface WrittenTexts {
  readonly prompt: string;
  readonly negative: string;
  /** What the second text encoder was given, where it read another text. */
  readonly secondPrompt?: string;
}

/** What is written of a recipe into a file: nothing of the machine it was drawn on or by, where another program drew. */
export function withoutMachine(recipe: Recipe): Recipe {
  return recipe.kind === 'local' ? recipe : { ...recipe, host: '', answer: {} };
}

/** A value that holds a sign of the block is written as JSON, as the web UI does. */
const quote = (value: string): string => (/[,:\n"]/.test(value) ? JSON.stringify(value) : value);

/** The web UI's block: `modules/infotext_utils.py`. */
export function composeA1111(recipe: LocalRecipe, { prompt, negative }: WrittenTexts): string {
  const { steps, guidance, seed, width, height, pack, versions, scheduler, init, clipSkip } = recipe;
  const { sampler, schedule } = nameSampler(scheduler).a1111;
  const parameters: [string, string | number][] = [
    ['Steps', steps],
    ['Sampler', sampler],
    ['Schedule type', schedule],
    ['CFG scale', guidance],
    ['Seed', seed],
    ['Size', `${width}x${height}`],
    ['Model', pack.id],
    // It counts from the layer it stops at: 1 is the last.
    ...(clipSkip === undefined ? [] : [['Clip skip', clipSkip + 1] as [string, number]]),
    ...(init === null ? [] : [['Denoising strength', init.strength] as [string, number]]),
    ['Version', `De-Diffusion Studio ${versions.studio}`],
  ];
  const last = parameters.map(([name, value]) => `${name}: ${quote(String(value))}`).join(', ');
  return [prompt, ...(negative === '' ? [] : [`Negative prompt: ${negative}`]), last].join('\n');
}

/**
 * A graph for ComfyUI that draws such a picture with the usual nodes; the model is named after the pack, and whoever opens it chooses one of
 * their own. Two texts are written as SDXL's two encoders take them. Null for a scheduler that ComfyUI does not have, and for a picture that began with another.
 */
export function composeComfyui(recipe: LocalRecipe, { prompt, negative, secondPrompt }: WrittenTexts): string | null {
  const { steps, guidance, seed, width, height, pack, scheduler, init } = recipe;
  const names = nameSampler(scheduler).comfyui;
  if (names === null || init !== null) return null;
  return JSON.stringify(
    composeGraph({
      ...{ model: `${pack.id}.safetensors`, prompt, negative, width, height, steps, guidance, seed },
      // Flows with several encoders are no SDXL.
      ...(secondPrompt === undefined || scheduler === 'flow-match-euler' ? { family: 'sd-1' } : { family: 'sdxl', secondPrompt }),
      ...{ sampler: names.sampler, scheduler: names.scheduler, init },
    }),
  );
}
