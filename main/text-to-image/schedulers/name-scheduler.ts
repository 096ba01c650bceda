import { StudioError } from '../../../contract/errors.ts';
import { schedulerNameSchema } from '../../../contract/recipe.ts';
import type { SchedulerKind, SchedulerName } from '../../../contract/recipe.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import { configuredShape } from './shape-sigmas.ts';

/** Kinds by diffusers' names of their classes; one whose step another does with the same numbers stands for it. */
const kinds: Readonly<Record<string, SchedulerKind>> = {
  DDIMScheduler: 'ddim',
  PNDMScheduler: 'pndm',
  EulerDiscreteScheduler: 'euler',
  EulerAncestralDiscreteScheduler: 'euler-ancestral',
  HeunDiscreteScheduler: 'heun',
  DPMSolverMultistepScheduler: 'dpmpp-2m',
  DPMSolverSDEScheduler: 'dpmpp-sde',
  UniPCMultistepScheduler: 'unipc',
  LCMScheduler: 'lcm',
  TCDScheduler: 'tcd',
  FlowMatchEulerDiscreteScheduler: 'flow-match-euler',
};

/** The scheduler a folder's scheduler_config.json is for. Throws `scheduler-unknown` where the studio has none that gives its numbers. */
export function nameScheduler(config: SchedulerConfig): SchedulerName {
  const kind = kinds[config.className ?? ''];
  const isSolver = kind === 'dpmpp-2m';
  const isStochastic = config.algorithmType === 'sde-dpmsolver++';
  const isOther = isSolver && (config.solverOrder ?? 2) !== 2;
  const isClassic = isSolver && !isStochastic && (config.algorithmType ?? 'dpmsolver++') !== 'dpmsolver++';
  if (kind === undefined || isOther || isClassic) {
    throw new StudioError(
      'scheduler-unknown',
      `The studio has no scheduler for ${config.className ?? 'a config that names none'} as this folder sets it.`,
      'Choose one of the list by name.',
      { trainedWith: config.className ?? '' },
    );
  }
  const base = isSolver && isStochastic ? 'dpmpp-2m-sde' : kind;
  const shaped = schedulerNameSchema.safeParse(`${base}-${configuredShape(config)}`);
  return shaped.success ? shaped.data : base;
}
