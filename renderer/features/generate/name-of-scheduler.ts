import { readSchedulerName } from '../../../contract/recipe.ts';
import type { SchedulerKind, SchedulerName, SigmaShape } from '../../../contract/recipe.ts';

const kinds: Readonly<Record<SchedulerKind, string>> = {
  ddim: 'DDIM',
  pndm: 'PNDM',
  euler: 'Euler',
  'euler-ancestral': 'Euler ancestral',
  heun: 'Heun',
  'dpmpp-2m': 'DPM++ 2M',
  'dpmpp-2m-sde': 'DPM++ 2M SDE',
  'dpmpp-sde': 'DPM++ SDE',
  unipc: 'UniPC',
  lcm: 'LCM',
  tcd: 'TCD',
  'flow-match-euler': 'Euler, flow matching',
};
const shapes: Readonly<Record<SigmaShape, string>> = { karras: 'Karras', exponential: 'Exponential', beta: 'Beta' };

/** A scheduler as artists know it from other tools. */
export function nameOfScheduler(name: SchedulerName): string {
  const { kind, shape } = readSchedulerName(name);
  return shape === null ? kinds[kind] : `${kinds[kind]} ${shapes[shape]}`;
}
