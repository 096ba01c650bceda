import type { SchedulerName } from '../../../contract/recipe.ts';
import { createDdim } from './ddim.ts';
import { createDpmpp2m } from './dpmpp-2m.ts';
import { createEuler, createEulerAncestral } from './euler.ts';
import { createLcm } from './lcm.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import type { ScheduleOptions, Scheduler } from './scheduler.ts';

type CreateScheduler = (config: SchedulerConfig, options: ScheduleOptions) => Scheduler;

const schedulers: Readonly<Record<SchedulerName, CreateScheduler>> = {
  ddim: createDdim,
  euler: createEuler,
  'euler-ancestral': createEulerAncestral,
  'dpmpp-2m': (config, options) => createDpmpp2m(config, options, 'table'),
  'dpmpp-2m-karras': (config, options) => createDpmpp2m(config, options, 'karras'),
  lcm: createLcm,
};

/** Plans a run of the named scheduler over the noise schedule of a folder's scheduler_config.json. */
export function createScheduler(name: SchedulerName, config: SchedulerConfig, options: ScheduleOptions): Scheduler {
  return schedulers[name](config, options);
}
