import { connectionOfDevice, deviceNameSchema } from '../../../contract/studio-info.ts';
import type { Device, DeviceName } from '../../../contract/studio-info.ts';

/** Devices as a person calls them. */
export const deviceNames: Readonly<Record<DeviceName, string>> = {
  cpu: 'CPU',
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'Core ML',
};

/** Servers have the name that the person gave their connection. */
export function nameDevice(device: Device): string {
  const own = deviceNameSchema.safeParse(device);
  return own.success ? deviceNames[own.data] : (connectionOfDevice(device) ?? device);
}
