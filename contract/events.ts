import { z } from 'zod';
import { batchSchema } from './batch.ts';
import { jobSchema } from './job.ts';
import { networkReportSchema } from './outside/network.ts';
import { coreSettingsReportSchema } from './settings.ts';
import { engineStatusSchema } from './studio-info.ts';
import { idSchema } from './identity.ts';

/** What the studio pushes. The first event of every stream is `hello`, so that a client knows it is connected. */
export const studioEventSchema = z.discriminatedUnion('type', [
  /** The jobs come without their results, as in `jobs.list`. */
  z.object({ type: z.literal('hello'), engine: engineStatusSchema, jobs: z.array(jobSchema) }),
  z.object({ type: z.literal('job-changed'), job: jobSchema }),
  z.object({ type: z.literal('engine-changed'), engine: engineStatusSchema }),
  z.object({ type: z.literal('settings-changed'), report: coreSettingsReportSchema }),
  /** A consent was given or taken back, something goes out, or what a connection has cost was counted. */
  z.object({ type: z.literal('network-changed'), report: networkReportSchema }),
  z.object({ type: z.literal('library-changed'), itemIds: z.array(idSchema) }),
  /** At most four times a second for one batch. */
  z.object({ type: z.literal('batch-changed'), batch: batchSchema }),
  /** All batches there are, in their order: one was added, moved or removed. */
  z.object({ type: z.literal('batches-listed'), batchIds: z.array(idSchema) }),
  /** At most four times a second for one transfer; null: one was added or removed. */
  z.object({ type: z.literal('transfer-changed'), transferId: idSchema.nullable() }),
]);
export type StudioEvent = z.infer<typeof studioEventSchema>;
