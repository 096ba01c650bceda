import { deviceNameSchema } from '../../contract/studio-info.ts';
import type { DeviceName, DeviceProbe } from '../../contract/studio-info.ts';
import { probeDevice } from './probe-device.ts';

/** The folder of libraries that were installed for a device; null for none. */
export type LibrariesFor = (device: DeviceName) => string | null;

let known: Promise<readonly DeviceProbe[]> | null = null;

/**
 * Tries every device of this machine, one after the other (two users of one graphics driver can crash each other),
 * once per process unless they are to be tried `again`. Takes a few seconds in processes of their own: nothing that
 * somebody waits for may await it.
 */
export function probeDevices(again = false, librariesFor: LibrariesFor = () => null): Promise<readonly DeviceProbe[]> {
  const probe = (): Promise<readonly DeviceProbe[]> => probeAll(librariesFor);
  known = known === null ? probe() : again ? known.then(probe) : known;
  return known;
}

async function probeAll(librariesFor: LibrariesFor): Promise<readonly DeviceProbe[]> {
  const probes: DeviceProbe[] = [];
  for (const device of deviceNameSchema.options) probes.push(await probeDevice(device, librariesFor(device)));
  return probes;
}
