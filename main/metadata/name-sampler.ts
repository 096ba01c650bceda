import { readSchedulerName } from '../../contract/recipe.ts';
import type { SchedulerKind, SchedulerName } from '../../contract/recipe.ts';

interface ToolNames {
  readonly a1111: string;
  /** Null for one that ComfyUI does not have. */
  readonly comfyui: string | null;
}

const names: Readonly<Record<SchedulerKind, ToolNames>> = {
  ddim: { a1111: 'DDIM', comfyui: 'ddim' },
  pndm: { a1111: 'PLMS', comfyui: null },
  euler: { a1111: 'Euler', comfyui: 'euler' },
  'euler-ancestral': { a1111: 'Euler a', comfyui: 'euler_ancestral' },
  heun: { a1111: 'Heun', comfyui: 'heun' },
  'dpmpp-2m': { a1111: 'DPM++ 2M', comfyui: 'dpmpp_2m' },
  'dpmpp-2m-sde': { a1111: 'DPM++ 2M SDE', comfyui: 'dpmpp_2m_sde' },
  'dpmpp-sde': { a1111: 'DPM++ SDE', comfyui: 'dpmpp_sde' },
  unipc: { a1111: 'UniPC', comfyui: 'uni_pc' },
  lcm: { a1111: 'LCM', comfyui: 'lcm' },
  tcd: { a1111: 'TCD', comfyui: null },
  'flow-match-euler': { a1111: 'Euler', comfyui: 'euler' },
};

/** A scheduler of the studio as the web UI and ComfyUI call it; noise levels as the model was trained are "Uniform" and "normal" there. */
export function nameSampler(name: SchedulerName) {
  const { kind, shape } = readSchedulerName(name);
  const { a1111, comfyui } = names[kind];
  const isFlow = kind === 'flow-match-euler';
  return {
    a1111: { sampler: a1111, schedule: shape === null ? 'Uniform' : `${shape.charAt(0).toUpperCase()}${shape.slice(1)}` },
    comfyui: comfyui === null ? null : { sampler: comfyui, scheduler: shape ?? (isFlow ? 'simple' : 'normal') },
  };
}
