import { totalmem } from 'node:os';
import type { CoreSettingsReport } from '../../contract/settings.ts';
import { defaultMemoryBudgetBytes } from '../engine/create-engine-client.ts';
import type { StudioServices } from './studio-services.ts';

/** The settings with the facts of this machine that they are about. */
export function reportSettings({
  settings,
  devices,
  folders,
}: Pick<StudioServices, 'settings' | 'devices' | 'folders'>): CoreSettingsReport {
  return {
    settings: settings.settings,
    fixedDevice: devices.fixed,
    machineMemoryBytes: totalmem(),
    defaultMemoryBudgetMb: Math.max(1, Math.floor(defaultMemoryBudgetBytes() / 1048576)),
    folders,
  };
}
