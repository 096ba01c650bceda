import type { CatalogueEntry, PackFitness, PackUse } from '../../contract/models/catalogue.ts';
import type { DeviceName } from '../../contract/studio-info.ts';

/** What is asked of a model, or known of one that is here. */
export type PackNeeds = Readonly<Pick<CatalogueEntry, 'bytes' | 'memoryMb'>> & {
  readonly does: readonly PackUse[];
  readonly devices: readonly DeviceName[];
};

/** What this machine has. */
export interface Machine {
  /** All of its memory. */
  readonly memoryBytes: number;
  /** Free where packs are kept; null where the disk does not tell. */
  readonly freeDiskBytes: number | null;
  /** Devices found to work; null while nobody has looked. */
  readonly devices: readonly DeviceName[] | null;
}

const MB = 1_000_000;

/** Below this a drawing by the processor is a matter of seconds. */
const QUICK_BYTES = 500 * MB;

/** Whether a model has its place on a machine; the first thing that is wrong with it. */
export function judgeFitness({ does, bytes, memoryMb, devices }: PackNeeds, machine: Machine): PackFitness {
  const haveMb = Math.floor(machine.memoryBytes / MB);
  if (memoryMb > haveMb) return { verdict: 'memory', needMb: memoryMb, haveMb };
  if (machine.freeDiskBytes !== null && bytes > machine.freeDiskBytes)
    return { verdict: 'disk', needMb: Math.ceil(bytes / MB), haveMb: Math.floor(machine.freeDiskBytes / MB) };
  const here = devices.filter((device) => device === 'cpu' || machine.devices?.includes(device) === true);
  // Nobody has looked for other devices yet, so nothing speaks against one.
  if (machine.devices !== null && here.length === 0) return { verdict: 'device', devices: [...devices] };
  const isHeavy = does.includes('draws') && bytes > QUICK_BYTES;
  const isAlone = here.every((device) => device === 'cpu');
  return isHeavy && machine.devices !== null && isAlone ? { verdict: 'slow' } : { verdict: 'fits' };
}
