import { StudioError } from '../../contract/errors.ts';
import type { DriftRequest, DriftResult, Job } from '../../contract/job.ts';
import type { JobContext } from '../jobs/job-context.ts';
import { comparePrompts } from '../prompt/compare-prompts.ts';
import { chooseLength } from './choose-length.ts';
import { encodePictures } from './encode-pictures.ts';
import type { JobServices } from '../services/job-services.ts';
import { requireOwnText } from './measure-texts.ts';
import { openJobPack } from './open-job-pack.ts';
import { reuseSince } from './reuse-since.ts';

/**
 * The drift loop: a picture drawn from a text is read again at the text's length, and what was heard is laid beside what
 * was said. The reading is kept in the library as a text of that picture.
 */
export async function runDrift(
  services: JobServices,
  job: Job,
  request: DriftRequest,
  context: JobContext,
): Promise<DriftResult> {
  const pack = await openJobPack(services, request.packId, context);
  requireOwnText(request.document, pack);
  const order = {
    pack,
    imageSha256s: [request.imageSha256],
    lengths: [chooseLength(request.document, services.models.reader(pack).abilities)],
    topK: null,
    boards: [],
    reuseSinceMs: reuseSince(job, context),
  };
  const [read] = await encodePictures(services, order, context);
  if (read?.error) throw StudioError.fromBody(read.error);
  const [heard] = read?.documents ?? [];
  if (heard === undefined) throw new Error('no text for the picture');
  const comparison = comparePrompts(request.document, heard.document);
  return { kind: 'drift', itemId: heard.itemId, heard: heard.document, comparison };
}
