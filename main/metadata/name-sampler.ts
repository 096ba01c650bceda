import { readSchedulerName } from '../../contract/recipe.ts';
import type { SchedulerKind, SchedulerName } from '../../contract/recipe.ts';

interface ToolNames {
  readonly a1111: string;
  /** Null for one that ComfyUI does not have. */
  readonly comfyui: string | null;
  /** Null for one that InvokeAI does not have, or has not had for long. */
  readonly invokeai: string | null;
}

const names: Readonly<Record<SchedulerKind, ToolNames>> = {
  ddim: { a1111: 'DDIM', comfyui: 'ddim', invokeai: 'ddim' },
  pndm: { a1111: 'PLMS', comfyui: null, invokeai: 'pndm' },
  euler: { a1111: 'Euler', comfyui: 'euler', invokeai: 'euler' },
  'euler-ancestral': { a1111: 'Euler a', comfyui: 'euler_ancestral', invokeai: 'euler_a' },
  heun: { a1111: 'Heun', comfyui: 'heun', invokeai: 'heun' },
  'dpmpp-2m': { a1111: 'DPM++ 2M', comfyui: 'dpmpp_2m', invokeai: 'dpmpp_2m' },
  'dpmpp-2m-sde': { a1111: 'DPM++ 2M SDE', comfyui: 'dpmpp_2m_sde', invokeai: 'dpmpp_2m_sde' },
  'dpmpp-sde': { a1111: 'DPM++ SDE', comfyui: 'dpmpp_sde', invokeai: 'dpmpp_sde' },
  unipc: { a1111: 'UniPC', comfyui: 'uni_pc', invokeai: 'unipc' },
  lcm: { a1111: 'LCM', comfyui: 'lcm', invokeai: 'lcm' },
  tcd: { a1111: 'TCD', comfyui: null, invokeai: null },
  'flow-match-euler': { a1111: 'Euler', comfyui: 'euler', invokeai: null },
};

/** Kinds that InvokeAI also has with the levels of Karras, as a name of their own. */
const invokeaiWithKarras: ReadonlySet<SchedulerKind> = new Set([
  'euler',
  'heun',
  'dpmpp-2m',
  'dpmpp-2m-sde',
  'dpmpp-sde',
  'unipc',
]);

/**
 * A scheduler of the studio as the web UI, ComfyUI and InvokeAI call it; noise levels as the model was trained are "Uniform" and "normal"
 * in the first two.
 */
export function nameSampler(name: SchedulerName) {
  const { kind, shape } = readSchedulerName(name);
  const { a1111, comfyui, invokeai } = names[kind];
  const isFlow = kind === 'flow-match-euler';
  return {
    a1111: { sampler: a1111, schedule: shape === null ? 'Uniform' : `${shape.charAt(0).toUpperCase()}${shape.slice(1)}` },
    comfyui: comfyui === null ? null : { sampler: comfyui, scheduler: shape ?? (isFlow ? 'simple' : 'normal') },
    invokeai: shape === null ? invokeai : shape === 'karras' && invokeaiWithKarras.has(kind) ? `${invokeai}_k` : null,
  };
}
