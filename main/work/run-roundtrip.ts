import { StudioError } from '../../contract/errors.ts';
import type { Job, RoundtripRequest, RoundtripResult } from '../../contract/job.ts';
import type { JobContext } from '../jobs/job-context.ts';
import { WeightedProgress } from '../running/weighted-progress.ts';
import { collectTokens } from '../prompt/collect-tokens.ts';
import { renderPrompt } from '../prompt/render-prompt.ts';
import { drawPictures } from './draw-pictures.ts';
import { encodePictures } from './encode-pictures.ts';
import type { JobServices } from '../services/job-services.ts';
import { openJobPack } from './open-job-pack.ts';
import { requireSeed } from './require-seed.ts';
import { reuseSince } from './reuse-since.ts';

/** Reading a picture once is quick beside drawing it again at a length. */
const READING_WEIGHT = 1;
const DRAWING_WEIGHT = 20;

function weigh(context: JobContext, lengths: readonly number[]) {
  const drawing = Object.fromEntries(lengths.map((_, index) => [`draw ${index}`, DRAWING_WEIGHT]));
  return new WeightedProgress<JobContext, string>(context, { read: READING_WEIGHT, ...drawing });
}

/** Picture → text → pictures: for each length, `count` pictures from the text and how near they are to the original. */
export async function runRoundtrip(
  services: JobServices,
  job: Job,
  request: RoundtripRequest,
  context: JobContext,
): Promise<RoundtripResult> {
  const { imageSha256, lengths } = request;
  const pack = await openJobPack(services, request.packId, context);
  // Refuses a pack without one before anything is read.
  services.models.scorer(pack);
  const reuseSinceMs = reuseSince(job, context);
  const progress = weigh(context, lengths);
  const encodeOrder = { pack, imageSha256s: [imageSha256], lengths, topK: null, boards: [], reuseSinceMs };
  const [encoded] = await encodePictures(services, encodeOrder, progress.part('read'));
  if (encoded === undefined) throw new Error('no result for the picture');
  if (encoded.error !== null) throw StudioError.fromBody(encoded.error);

  const rounds: RoundtripResult['rounds'] = [];
  for (const [index, { itemId, document }] of encoded.documents.entries()) {
    const order = {
      pack,
      tokens: collectTokens(document),
      text: renderPrompt(document).text,
      settings: requireSeed(request.settings),
      originalSha256: imageSha256,
      parents: [itemId],
      boards: [],
      reuseSinceMs,
    };
    const { items, fidelity } = await drawPictures(services, order, progress.part(`draw ${index}`));
    if (fidelity === null) throw new Error('pictures that were not compared');
    rounds.push({ itemId, document, items, fidelity });
  }
  return { kind: 'roundtrip', rounds };
}
