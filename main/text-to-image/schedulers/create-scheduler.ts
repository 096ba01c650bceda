import { StudioError } from '../../../contract/errors.ts';
import { readSchedulerName } from '../../../contract/recipe.ts';
import type { SchedulerKind, SchedulerName, SigmaShape } from '../../../contract/recipe.ts';
import { createDdim } from './ddim.ts';
import { createDpmpp2m } from './dpmpp-2m.ts';
import { createDpmppSde } from './dpmpp-sde.ts';
import { createEuler, createEulerAncestral } from './euler.ts';
import { createFlowMatchEuler } from './flow-match-euler.ts';
import { createHeun } from './heun.ts';
import { createLcm } from './lcm.ts';
import { createPndm } from './pndm.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import type { ScheduleOptions, Scheduler } from './scheduler.ts';
import { createTcd } from './tcd.ts';
import { createUnipc } from './unipc.ts';

type CreateScheduler = (config: SchedulerConfig, options: ScheduleOptions, shape: SigmaShape | null) => Scheduler;

const schedulers: Readonly<Record<SchedulerKind, CreateScheduler>> = {
  ddim: createDdim,
  pndm: createPndm,
  euler: createEuler,
  'euler-ancestral': createEulerAncestral,
  heun: createHeun,
  'dpmpp-2m': (config, options, shape) => createDpmpp2m(config, options, shape, false),
  'dpmpp-2m-sde': (config, options, shape) => createDpmpp2m(config, options, shape, true),
  'dpmpp-sde': createDpmppSde,
  unipc: createUnipc,
  lcm: createLcm,
  tcd: createTcd,
  'flow-match-euler': createFlowMatchEuler,
};

/**
 * Plans a run of the named scheduler over the noise schedule of a folder's scheduler_config.json. Throws `scheduler-unknown` for one that does not
 * go with the model: flows are stepped by flow matching alone, and nothing else is.
 */
export function createScheduler(name: SchedulerName, config: SchedulerConfig, options: ScheduleOptions): Scheduler {
  const { kind, shape } = readSchedulerName(name);
  const isFlow = config.className?.startsWith('FlowMatch') ?? kind === 'flow-match-euler';
  if (isFlow !== (kind === 'flow-match-euler')) {
    throw new StudioError(
      'scheduler-unknown',
      isFlow ? `${name} does not go with this model, which was trained as a flow.` : `${name} is for models trained as flows.`,
      isFlow ? 'Choose flow-match-euler.' : 'Choose euler, or another of the list.',
      { scheduler: name, trainedWith: config.className ?? '' },
    );
  }
  return schedulers[kind](config, options, shape);
}
