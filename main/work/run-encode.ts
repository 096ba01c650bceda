import type { EncodeRequest, EncodeResult, Job } from '../../contract/job.ts';
import type { JobContext } from '../jobs/job-context.ts';
import { encodePictures } from './encode-pictures.ts';
import type { JobServices } from '../services/job-services.ts';
import { openJobPack } from './open-job-pack.ts';
import { reuseSince } from './reuse-since.ts';

/** Reads a batch of pictures: every length of each, saved as texts with their picture as parent. */
export async function runEncode(
  services: JobServices,
  job: Job,
  request: EncodeRequest,
  context: JobContext,
): Promise<EncodeResult> {
  const pack = await openJobPack(services, request.packId, context);
  const order = {
    pack,
    imageSha256s: request.imageSha256s,
    lengths: request.lengths,
    topK: request.topK ?? null,
    reader: request.reader,
    region: request.region,
    boards: [],
    reuseSinceMs: reuseSince(job, context),
  };
  const images = await encodePictures(services, order, context);
  return { kind: 'encode', images: [...images] };
}
