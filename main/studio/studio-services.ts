import type { PictureItem } from '../library/library.ts';
import type { JobQueue } from '../jobs/job-queue.ts';
import type { EventHub } from './event-hub.ts';
import type { JobServices } from './job-services.ts';

/** Everything the contract is answered with. */
export interface StudioServices extends JobServices {
  readonly queue: JobQueue;
  readonly events: EventHub;
  readonly addSample: (packId: string, file: string) => Promise<PictureItem>;
  readonly clock: () => number;
}
