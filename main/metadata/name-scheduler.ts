import { schedulerNameSchema } from '../../contract/recipe.ts';
import type { SchedulerKind, SchedulerName } from '../../contract/recipe.ts';

/** What is left of the tools' names without signs, such as `DPM++ 2M SDE`, `dpmpp_2m_sde_gpu` and `k_dpmpp_2m_sde`. */
const kinds: Readonly<Record<string, SchedulerKind>> = {
  ddim: 'ddim',
  ddimv3: 'ddim',
  plms: 'pndm',
  pndm: 'pndm',
  euler: 'euler',
  eulera: 'euler-ancestral',
  eulerancestral: 'euler-ancestral',
  heun: 'heun',
  dpmpp2m: 'dpmpp-2m',
  dpmpp2msde: 'dpmpp-2m-sde',
  dpmppsde: 'dpmpp-sde',
  unipc: 'unipc',
  lcm: 'lcm',
  tcd: 'tcd',
};

/** Levels of noise as the model was trained, by every name that has. */
const asTrained = new Set(['', 'automatic', 'uniform', 'normal', 'simple', 'native', 'none']);

/**
 * The studio's own scheduler for a sampler of another tool; null for one it does not have.
 * @param shape how noise levels are spread, where the tool says so beside the sampler
 */
export function nameScheduler(sampler: string, shape = ''): SchedulerName | null {
  const bare = sampler
    .toLowerCase()
    .replace(/dpm\+\+/g, 'dpmpp')
    .replace(/^(?:sample_)?k_/, '')
    .replace(/_gpu$/, '')
    .replace(/[^a-z0-9]/g, '');
  const ending = /(?:karras|exponential|beta)$/.exec(bare)?.[0] ?? '';
  const kind = kinds[bare.slice(0, bare.length - ending.length)];
  if (kind === undefined) return null;
  const told = shape.toLowerCase();
  const spread = asTrained.has(told) ? ending : told;
  const name = schedulerNameSchema.safeParse(spread === '' ? kind : `${kind}-${spread}`);
  return name.success ? name.data : null;
}
