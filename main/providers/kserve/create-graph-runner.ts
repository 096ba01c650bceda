import type { ClusterConnection, ClusterTest } from '../../../contract/outside/connection.ts';
import { untilAborted } from '../../engine/active-call.ts';
import type { Network } from '../../network/network.ts';
import type { GraphRunner } from '../../ports/graph-runner.ts';
import type { ConnectionStore } from '../../writers/connection-store.ts';
import { KserveGrpcServer } from './kserve-grpc-server.ts';
import { KserveServer } from './kserve-server.ts';
import type { ModelServer, ServedGraph } from './model-server.ts';
import { ServerPool } from './server-pool.ts';

export interface GraphRunnerParts {
  readonly network: Network;
  readonly connections: ConnectionStore;
  /** How long work that was lost looks for a server that answers, in milliseconds. Default: half a minute, in which one starts again. */
  readonly recoverMs?: number;
}

interface Cluster {
  /** What it was opened for: a connection that was changed is another one. */
  readonly form: string;
  readonly pool: ServerPool;
  readonly graphs: Map<string, Promise<ServedGraph>>;
}

const never = new AbortController().signal;
const usualRecoverMs = 30_000;

const addressesOf = ({ address, moreAddresses }: ClusterConnection): string[] => [address, ...moreAddresses];

function openServer(network: Network, connection: ClusterConnection, address: string): ModelServer {
  const Server = connection.kind === 'kserve-grpc' ? KserveGrpcServer : KserveServer;
  return new Server(network, connection, address);
}

/** The graphs of packs on the servers that a person connected. */
export function createGraphRunner({ network, connections, recoverMs = usualRecoverMs }: GraphRunnerParts): GraphRunner {
  const clusters = new Map<string, Cluster>();
  const open = (id: string): Cluster => {
    const { address, moreAddresses, secret, patienceSeconds, requestsAtOnce, kind } = connections.findCluster(id);
    const connection: ClusterConnection = { id, kind, address, moreAddresses, secret, patienceSeconds, requestsAtOnce };
    const form = JSON.stringify(connection);
    const known = clusters.get(id);
    if (known?.form === form) return known;
    const servers = addressesOf(connection).map((one) => openServer(network, connection, one));
    const opened = { form, pool: new ServerPool(servers, { requestsAtOnce, recoverMs }), graphs: new Map() };
    clusters.set(id, opened);
    return opened;
  };
  const describe = ({ pool, graphs }: Cluster, graph: string, signal: AbortSignal): Promise<ServedGraph> => {
    // One question for all who wait, so none of them may end it; it ends by the patience of the connection.
    const known = graphs.get(graph) ?? pool.run((server) => server.describe(graph, never), never);
    graphs.set(graph, known);
    known.catch(() => graphs.get(graph) === known && graphs.delete(graph));
    return untilAborted(known, signal);
  };
  return {
    describe: async (id, graph, signal) => {
      const cluster = open(id);
      const { inputs, outputs } = await describe(cluster, graph, signal);
      return { inputs, outputs, runsAtOnce: cluster.pool.runsAtOnce };
    },
    run: async (id, graph, feeds, signal) => {
      const cluster = open(id);
      const served = await describe(cluster, graph, signal);
      return cluster.pool.run((server) => server.run(served, feeds, signal), signal);
    },
  };
}

/**
 * Asks every server of a connection what it is.
 * @throws StudioError as `GraphRunner` says, of the first server that does not answer
 */
export async function testCluster(network: Network, connection: ClusterConnection, signal: AbortSignal): Promise<ClusterTest> {
  const started = performance.now();
  const servers = await Promise.all(
    addressesOf(connection).map(async (address) => ({
      address,
      ...(await openServer(network, connection, address).facts(signal)),
    })),
  );
  return { type: 'cluster', servers, totalMs: performance.now() - started };
}
