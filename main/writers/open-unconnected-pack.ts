import type { PackRegistry, ResolvedPack } from '../packs/pack-registry.ts';
import type { ConnectionStore } from './connection-store.ts';

/** The pack that an id means, or null: a connection goes before a pack of its name. Throws as PackRegistry.openPack does. */
export async function openUnconnectedPack(
  { connections, packs }: { readonly connections: ConnectionStore; readonly packs: PackRegistry },
  id: string,
): Promise<ResolvedPack | null> {
  if (connections.list().some((one) => one.id === id)) return null;
  return (await packs.listPacks()).packs.some((one) => one.id === id) ? packs.openPack(id) : null;
}
