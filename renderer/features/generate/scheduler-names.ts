import type { SchedulerName } from '../../../contract/recipe.ts';

/** Schedulers as artists know them from other tools. */
export const schedulerNames: Readonly<Record<SchedulerName, string>> = {
  ddim: 'DDIM',
  euler: 'Euler',
  'euler-ancestral': 'Euler ancestral',
  'dpmpp-2m': 'DPM++ 2M',
  'dpmpp-2m-karras': 'DPM++ 2M Karras',
  lcm: 'LCM',
};
