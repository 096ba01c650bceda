import type { LocalRecipe, Recipe } from '../../contract/recipe.ts';
import { nameSampler } from './name-sampler.ts';

/** A prompt and what is not wanted, as one tool takes them. */
export interface WrittenTexts {
  readonly prompt: string;
  readonly negative: string;
}

/** What is written of a recipe into a file: nothing of the machine it was drawn on or by, where another program drew. */
export function withoutMachine(recipe: Recipe): Recipe {
  return recipe.kind === 'local' ? recipe : { ...recipe, host: '', answer: {} };
}

/** A value that holds a sign of the block is written as JSON, as the web UI does. */
const quote = (value: string): string => (/[,:\n"]/.test(value) ? JSON.stringify(value) : value);

/** The web UI's block: `modules/infotext_utils.py`. */
export function composeA1111(recipe: LocalRecipe, { prompt, negative }: WrittenTexts): string {
  const { steps, guidance, seed, width, height, pack, versions, scheduler, init } = recipe;
  const { sampler, schedule } = nameSampler(scheduler).a1111;
  const parameters: [string, string | number][] = [
    ['Steps', steps],
    ['Sampler', sampler],
    ['Schedule type', schedule],
    ['CFG scale', guidance],
    ['Seed', seed],
    ['Size', `${width}x${height}`],
    ['Model', pack.id],
    ...(init === null ? [] : [['Denoising strength', init.strength] as [string, number]]),
    ['Version', `De-Diffusion Studio ${versions.studio}`],
  ];
  const last = parameters.map(([name, value]) => `${name}: ${quote(String(value))}`).join(', ');
  return [prompt, ...(negative === '' ? [] : [`Negative prompt: ${negative}`]), last].join('\n');
}

/**
 * A graph for ComfyUI that draws such a picture with the usual nodes; the model is named after the pack, and whoever opens it chooses one of
 * their own. Null for a scheduler that ComfyUI does not have, and for a picture that began with another.
 */
export function composeComfyui(recipe: LocalRecipe, { prompt, negative }: WrittenTexts): string | null {
  const { steps, guidance, seed, width, height, pack, scheduler, init } = recipe;
  const names = nameSampler(scheduler).comfyui;
  if (names === null || init !== null) return null;
  return JSON.stringify({
    '3': {
      class_type: 'KSampler',
      inputs: {
        ...{ seed, steps, cfg: guidance, sampler_name: names.sampler, scheduler: names.scheduler, denoise: 1 },
        ...{ model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] },
      },
    },
    '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: `${pack.id}.safetensors` } },
    '5': { class_type: 'EmptyLatentImage', inputs: { width, height, batch_size: 1 } },
    '6': { class_type: 'CLIPTextEncode', inputs: { text: prompt, clip: ['4', 1] } },
    '7': { class_type: 'CLIPTextEncode', inputs: { text: negative, clip: ['4', 1] } },
    '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
    '9': { class_type: 'SaveImage', inputs: { filename_prefix: 'DeDiffusion', images: ['8', 0] } },
  });
}
