import { totalmem } from 'node:os';
import type { CatalogueLine } from '../../contract/models/catalogue.ts';
import { measureRoom } from '../downloads/fetch-files.ts';
import { judgeFitness } from '../packs/judge-fitness.ts';
import type { Machine } from '../packs/judge-fitness.ts';
import { readCatalogue } from '../packs/read-catalogue.ts';
import type { KnownDevices } from '../services/known-devices.ts';
import type { StudioServices } from './studio-services.ts';

/** What this machine has for models; its disk is measured where they go. */
export function describeMachine(devices: Pick<KnownDevices, 'probes'>): Omit<Machine, 'freeDiskBytes'> {
  const { probes } = devices;
  const found = probes.filter(({ available }) => available).map(({ device }) => device);
  return { memoryBytes: totalmem(), devices: probes.length === 0 ? null : found };
}

/** The catalogue with what each entry is on this machine. */
export async function listCatalogue({
  packs,
  devices,
  folders,
  installer,
}: Pick<StudioServices, 'packs' | 'devices' | 'folders' | 'installer'>): Promise<CatalogueLine[]> {
  const installed = (await packs.listPacks()).packs;
  const freeDiskBytes = (await measureRoom(folders.packs)) ?? (await measureRoom(folders.data));
  const machine: Machine = { ...describeMachine(devices), freeDiskBytes };
  return readCatalogue().map((entry) => ({
    ...entry,
    fitness: judgeFitness(entry, machine),
    installedAs: installed.filter(({ hub }) => hub === entry.repository).map(({ id }) => id),
    origin: installer.hub.origin,
  }));
}
