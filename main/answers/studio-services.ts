import type { UpdateFeed } from '../downloads/update-feed.ts';
import type { DeviceParts } from '../installs/parts/device-parts.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { JobQueue } from '../jobs/job-queue.ts';
import type { BatchActions } from '../batches/batch-actions.ts';
import type { AccessKeyStore } from '../services/access-key-store.ts';
import type { EventHub } from '../services/event-hub.ts';
import type { JobServices } from '../services/job-services.ts';
import type { PackPlaces } from '../packs/pack-places.ts';
import type { Network } from '../network/network.ts';
import type { ConnectionStore } from '../writers/connection-store.ts';
import type { Transfers } from '../transfers/transfers.ts';
import type { Similarity } from '../likeness/similarity.ts';

/** Everything the contract is answered with. */
export interface StudioServices extends JobServices {
  /** For what a person is told of it and may do with it; work goes through `models`. */
  readonly engine: EngineClient;
  readonly queue: JobQueue;
  readonly batchActions: BatchActions;
  readonly events: EventHub;
  readonly similarity: Similarity;
  readonly transfers: Transfers;
  readonly network: Network;
  readonly updates: UpdateFeed;
  readonly deviceParts: DeviceParts;
  readonly places: PackPlaces;
  readonly connections: ConnectionStore;
  readonly accessKeys: AccessKeyStore;
  /** Absolute paths. */
  readonly folders: { readonly data: string; readonly logs: string; readonly packs: string };
}
