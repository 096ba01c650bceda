import type { CoreSettings } from '../../contract/settings.ts';
import { connectionOfDevice, deviceNameSchema } from '../../contract/studio-info.ts';
import { createEngineClient, defaultMemoryBudgetBytes } from '../engine/create-engine-client.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { EngineLimits } from '../engine/protocol.ts';
import type { CrashingGraphs } from '../packs/crashing-graphs.ts';
import type { LibrariesFor } from '../engine/probe-devices.ts';
import type { GraphRunner } from '../ports/graph-runner.ts';
import type { KnownDevices } from './known-devices.ts';
import type { SettingsStore } from './settings-store.ts';

interface Options {
  readonly settings: SettingsStore;
  readonly devices: KnownDevices;
  /** Null for a studio that keeps nothing there. */
  readonly compileCacheFolder: string | null;
  /** Runs graphs elsewhere. */
  readonly elsewhere: GraphRunner;
  /** Graphs that ended an engine before. */
  readonly crashing: CrashingGraphs;
  /** Folders of libraries that were installed for devices. */
  readonly librariesFor: LibrariesFor;
  readonly log: (message: string) => void;
}

/** The engine as the settings want it, now and after every change of them. */
export function openEngine({
  settings,
  devices,
  compileCacheFolder,
  elsewhere,
  crashing,
  librariesFor,
  log,
}: Options): EngineClient {
  const { device, reason } = devices.choice;
  const engine = createEngineClient({
    device,
    deviceReason: reason,
    elsewhere,
    crashing,
    // Servers elsewhere need none here.
    librariesFor: (one) => (connectionOfDevice(one) === null ? librariesFor(deviceNameSchema.parse(one)) : null),
    log,
    ...limitsOf(settings.settings),
    ...(compileCacheFolder === null ? {} : { compileCacheFolder }),
  });
  devices.guide(engine);
  settings.subscribe((after, before) => {
    devices.want(after.device === 'auto' ? null : after.device);
    if (after.memoryBudgetMb !== before.memoryBudgetMb || after.unloadAfterIdleMinutes !== before.unloadAfterIdleMinutes)
      engine.setLimits(limitsOf(after));
  });
  return engine;
}

function limitsOf({ memoryBudgetMb, unloadAfterIdleMinutes }: CoreSettings): EngineLimits {
  return {
    memoryBudgetBytes: memoryBudgetMb === null ? defaultMemoryBudgetBytes() : memoryBudgetMb * 1024 * 1024,
    unloadAfterIdleMs: unloadAfterIdleMinutes * 60_000,
  };
}
