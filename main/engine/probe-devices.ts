import { deviceNameSchema } from '../../contract/studio-info.ts';
import type { DeviceProbe } from '../../contract/studio-info.ts';
import { probeDevice } from './probe-device.ts';

let known: Promise<readonly DeviceProbe[]> | null = null;

/**
 * Tries every device of this machine, one after the other (two users of one graphics driver can crash each other),
 * once per process unless they are to be tried `again`. Takes a few seconds in processes of their own: nothing that
 * somebody waits for may await it.
 */
export function probeDevices(again = false): Promise<readonly DeviceProbe[]> {
  known = known === null ? probeAll() : again ? known.then(probeAll) : known;
  return known;
}

async function probeAll(): Promise<readonly DeviceProbe[]> {
  const probes: DeviceProbe[] = [];
  for (const device of deviceNameSchema.options) probes.push(await probeDevice(device));
  return probes;
}
