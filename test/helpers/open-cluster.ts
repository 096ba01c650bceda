import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clusterConnectionSchema, consentsOf } from '../../contract/outside/connection.ts';
import type { ClusterConnection } from '../../contract/outside/connection.ts';
import { ConsentStore } from '../../main/network/consent-store.ts';
import { Network } from '../../main/network/network.ts';
import { Secrets } from '../../main/network/secrets.ts';
import { TrafficLog } from '../../main/network/traffic-log.ts';
import { composeRemoteName } from '../../main/packs/name-remote-graph.ts';
import { readManifest } from '../../main/packs/read-manifest.ts';
import { createGraphRunner } from '../../main/providers/kserve/create-graph-runner.ts';
import { ConnectionStore } from '../../main/writers/connection-store.ts';
import type { GraphRunner } from '../../main/ports/graph-runner.ts';
import type { PackManifest } from '../../contract/models/pack.ts';

export const packFolder = fileURLToPath(new URL('../../models/packs/tiny-scenes', import.meta.url));

/** The manifest of the pack that comes with the studio, and its graphs by the names servers have for them. */
export async function readServedPack(): Promise<{ readonly manifest: PackManifest; readonly graphs: Record<string, string> }> {
  const found = await readManifest(packFolder);
  if (found === null) throw new Error('the pack is not there');
  const files = (await readdir(packFolder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.onnx'))
    .map((entry) => relative(packFolder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  const named = files.map((file): [string, string] => [composeRemoteName(found.manifest, file), join(packFolder, file)]);
  return { manifest: found.manifest, graphs: Object.fromEntries(named) };
}

export interface OpenedCluster {
  readonly runner: GraphRunner;
  readonly network: Network;
  readonly connections: ConnectionStore;
  readonly close: () => Promise<void>;
}

/** A connection `cluster` to such servers, with a person's yes unless told otherwise. */
export async function openCluster(
  addresses: readonly string[],
  {
    allowed = true,
    recoverMs = 2_000,
    environment = {},
    ...changes
  }: Partial<ClusterConnection> & {
    readonly allowed?: boolean;
    readonly recoverMs?: number;
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<OpenedCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'cluster-'));
  const stored = { remember: true, clock: Date.now, onRepair: () => undefined };
  const consents = await ConsentStore.open({
    file: join(folder, 'network.json'),
    remember: true,
    note: () => undefined,
    clock: Date.now,
  });
  const secrets = new Secrets(environment);
  const network = new Network({ consents, secrets, traffic: new TrafficLog(Date.now), surroundings: { environment } });
  const connections = await ConnectionStore.open({ ...stored, file: join(folder, 'connections.json') }, network);
  const [address, ...moreAddresses] = addresses;
  const connection = { id: 'cluster', kind: 'kserve', address, moreAddresses, patienceSeconds: 10, ...changes };
  const added = await connections.add(clusterConnectionSchema.parse(connection));
  if (allowed) for (const consent of consentsOf(added)) await consents.allow(consent);
  return {
    runner: createGraphRunner({ network, connections, recoverMs }),
    network,
    connections,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
