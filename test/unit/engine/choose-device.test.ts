import { describe, expect, test } from 'vitest';
import type { DeviceName, DeviceProbe } from '../../../contract/studio-info.ts';
import { chooseDevice } from '../../../main/engine/choose-device.ts';

const works = (device: DeviceName, probeMs: number): DeviceProbe => ({ device, available: true, reason: 'It works.', probeMs });
const fails = (device: DeviceName, reason: string): DeviceProbe => ({ device, available: false, reason, probeMs: null });

describe('chooseDevice', () => {
  test('takes the fastest that is clearly faster than the CPU, and says by how much', () => {
    const choice = chooseDevice([works('cpu', 20), works('webgpu', 4), works('cuda', 2)]);
    expect(choice.device).toBe('cuda');
    expect(choice.reason).toContain('2.0 ms');
    expect(choice.reason).toContain('20.0 ms');
  });

  test('stays on the CPU when a graphics processor is no clear gain, such as one in software', () => {
    expect(chooseDevice([works('cpu', 20), works('webgpu', 15)])).toEqual({
      device: 'cpu',
      reason: 'webgpu would not be clearly faster here.',
    });
    expect(chooseDevice([works('cpu', 20), fails('webgpu', 'No graphics adapter was found.')]).device).toBe('cpu');
  });

  test('takes what was asked for, slow or not', () => {
    expect(chooseDevice([works('cpu', 20), works('webgpu', 50)], 'webgpu').device).toBe('webgpu');
    expect(chooseDevice([works('cpu', 20), works('cuda', 1)], 'cpu').device).toBe('cpu');
  });

  test('says why what was asked for is not used', () => {
    const { device, reason } = chooseDevice([works('cpu', 20), fails('webgpu', 'No graphics adapter was found.')], 'webgpu');
    expect(device).toBe('cpu');
    expect(reason).toContain('webgpu was asked for');
    expect(reason).toContain('No graphics adapter was found.');
  });
});
