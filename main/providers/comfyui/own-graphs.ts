import type { ToolConnection } from '../../../contract/outside/connection.ts';
import { schedulerNameSchema } from '../../../contract/recipe.ts';
import type { SchedulerName } from '../../../contract/recipe.ts';
import { composeGraph } from '../../metadata/compose-graph.ts';
import { nameSampler } from '../../metadata/name-sampler.ts';
import { abilitiesOfSampling, requireSettings } from '../tool-settings.ts';
import type { ComfyuiChoices } from './comfyui-client.ts';
import type { ComfyuiGraphs } from './comfyui-graphs.ts';

/** The studio's schedulers that a server has too, by the same names that pictures' files are written and read with. */
export function schedulersOf({ samplers, schedulers }: Pick<ComfyuiChoices, 'samplers' | 'schedulers'>): SchedulerName[] {
  return schedulerNameSchema.options.filter((name) => {
    const names = nameSampler(name).comfyui;
    // Flows are stepped by another graph.
    return (
      names !== null && name !== 'flow-match-euler' && samplers.includes(names.sampler) && schedulers.includes(names.scheduler)
    );
  });
}

function namesOf(scheduler: SchedulerName): { readonly sampler: string; readonly scheduler: string } {
  const names = nameSampler(scheduler).comfyui;
  if (names === null) throw new Error(`ComfyUI has no ${scheduler}`);
  return names;
}

/** Our own graphs, for one checkpoint of Stable Diffusion 1.5 or XL. */
export function ownGraphs({ model, family }: Pick<ToolConnection, 'model' | 'family'>, choices: ComfyuiChoices): ComfyuiGraphs {
  const abilities = { ...abilitiesOfSampling({ family }, schedulersOf(choices)), secondPrompt: family === 'sdxl' };
  return {
    model,
    abilities,
    requireSettings: (settings) => requireSettings(settings, abilities),
    compose: ({ prompt, negative, secondPrompt, settings: { width, height, steps, guidance, scheduler }, seed, init }) => {
      const texts = { prompt, negative, ...(secondPrompt === undefined ? {} : { secondPrompt }) };
      const sent = { family, ...texts, width, height, steps, guidance, seed, ...namesOf(scheduler) };
      const parameters = { ...sent, ...(init === null ? {} : { denoise: init.strength }) };
      return { graph: composeGraph({ model, ...sent, init }), parameters };
    },
    samplers: ['3'],
  };
}
