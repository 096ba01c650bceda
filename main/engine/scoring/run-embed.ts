import { join } from 'node:path';
import { normalisePixels } from '../../image/normalise-pixels.ts';
import type { Pixels } from '../../image/pixels.ts';
import { preprocessBatches } from '../../image/preprocess-batches.ts';
import { ImageScorer, rowsARun } from '../../text-to-image/judges/image-scorer.ts';
import type { EngineWork } from '../engine-work.ts';
import type { EngineEmbedRequest } from '../protocol.ts';

/** Makes the scorer's vector of every picture and text. A picture that cannot be read has none, and the others go on. */
export async function runEmbed(request: EngineEmbedRequest, work: EngineWork): Promise<void> {
  const { requestId, sessions, pictures, context, emit } = work;
  const { signal } = context;
  const { packFolder, scorer, texts, rows } = request;
  const paths = {
    vision: join(packFolder, scorer.vision),
    text: join(packFolder, scorer.text),
    tokenizer: join(packFolder, scorer.tokenizer),
  };
  const embedder = new ImageScorer(paths, sessions.open);
  const images: (Float32Array | null)[] = [];
  const fit = (source: EngineEmbedRequest['images'][number]): Promise<Pixels> => pictures.fit(source, scorer.image, { signal });
  const size = (): { least: number; most: number } => ({ least: rowsARun, most: rowsARun });
  // While the scorer runs one batch, the next are decoded; a picture that cannot be read has no vector.
  for await (const batch of preprocessBatches(request.images, { fit, ahead: 2 * rowsARun, size, signal })) {
    const whole = batch.flatMap(({ pixels }) => (pixels === null ? [] : [pixels]));
    const vectors = whole.length === 0 ? [] : await embedder.embedImages(normalisePixels(whole, scorer.image), signal);
    for (const { pixels } of batch) images.push(pixels === null ? null : (vectors.shift() ?? null));
  }
  emit({
    type: 'embeddings',
    requestId,
    images,
    texts: texts.length === 0 ? [] : await embedder.embedTexts(texts, signal),
    rows: rows === undefined ? new Float32Array() : await embedder.embedRows(rows, signal),
  });
}
