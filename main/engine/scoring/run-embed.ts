import { rowsARun } from '../../text-to-image/judges/image-scorer.ts';
import type { EngineWork } from '../engine-work.ts';
import type { EngineEmbedRequest } from '../protocol.ts';
import { openScorer } from './open-scorer.ts';
import { vectorsOfPictures } from './vectors-of-pictures.ts';

/** Makes the scorer's vector of every picture and text. A picture that cannot be read has none, and the others go on. */
export async function runEmbed(request: EngineEmbedRequest, work: EngineWork): Promise<void> {
  const { requestId, context, emit } = work;
  const { signal } = context;
  const { packFolder, scorer, texts, rows } = request;
  const embedder = openScorer(packFolder, scorer, work);
  const images = await vectorsOfPictures(request.images, { input: scorer.image, atOnce: rowsARun }, work, (pixelValues) =>
    embedder.embedImages(pixelValues, signal),
  );
  emit({
    type: 'embeddings',
    requestId,
    images,
    texts: texts.length === 0 ? [] : await embedder.embedTexts(texts, signal),
    rows: rows === undefined ? new Float32Array() : await embedder.embedRows(rows, signal),
  });
}
