import { join } from 'node:path';
import { ImageScorer, rowsARun } from '../../text-to-image/judges/image-scorer.ts';
import type { EngineWork } from '../engine-work.ts';
import type { EngineEmbedRequest } from '../protocol.ts';
import { vectorsOfPictures } from './vectors-of-pictures.ts';

/** Makes the scorer's vector of every picture and text. A picture that cannot be read has none, and the others go on. */
export async function runEmbed(request: EngineEmbedRequest, work: EngineWork): Promise<void> {
  const { requestId, sessions, context, emit } = work;
  const { signal } = context;
  const { packFolder, scorer, texts, rows } = request;
  const paths = {
    vision: join(packFolder, scorer.vision),
    text: join(packFolder, scorer.text),
    tokenizer: join(packFolder, scorer.tokenizer),
  };
  const embedder = new ImageScorer(paths, sessions.open);
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
