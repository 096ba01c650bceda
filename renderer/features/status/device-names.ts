import type { DeviceName } from '../../../contract/studio-info.ts';

/** Devices as a person calls them. */
export const deviceNames: Readonly<Record<DeviceName, string>> = {
  cpu: 'CPU',
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'Core ML',
};
