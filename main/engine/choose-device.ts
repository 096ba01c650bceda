import type { Device, DeviceName, DeviceProbe } from '../../contract/studio-info.ts';

export interface DeviceChoice {
  readonly device: Device;
  /** Shown beside the device. */
  readonly reason: string;
}

/** Copies between processors cost time that the probe does not show, so another device has to be clearly faster. */
const requiredGain = 2;

/** Picks the fastest device, if it is at least twice as fast as the CPU. A device somebody asked for is taken when it works. */
export function chooseDevice(probes: readonly DeviceProbe[], wanted: DeviceName | 'auto' = 'auto'): DeviceChoice {
  const working = probes.filter((probe) => probe.available);
  const asked = probes.find((probe) => probe.device === wanted);
  if (asked?.available) return { device: asked.device, reason: 'It was chosen in the settings.' };
  const cpuMs = working.find((probe) => probe.device === 'cpu')?.probeMs ?? Number.POSITIVE_INFINITY;
  const [fastest] = working
    .filter((probe) => probe.device !== 'cpu' && (probe.probeMs ?? Number.POSITIVE_INFINITY) * requiredGain <= cpuMs)
    .sort((first, second) => (first.probeMs ?? 0) - (second.probeMs ?? 0));
  const apology = asked ? `${asked.device} was asked for and does not work here: ${asked.reason} ` : '';
  if (!fastest) return { device: 'cpu', reason: `${apology}${explainCpu(working)}` };
  const times = `${fastest.probeMs?.toFixed(1)} ms for the probe, ${cpuMs.toFixed(1)} ms on the CPU`;
  return { device: fastest.device, reason: `${apology}It is the fastest device here: ${times}.` };
}

function explainCpu(working: readonly DeviceProbe[]): string {
  const others = working.filter((probe) => probe.device !== 'cpu').map((probe) => probe.device);
  if (others.length === 0) return 'No other device works here.';
  return `${others.join(' and ')} would not be clearly faster here.`;
}
