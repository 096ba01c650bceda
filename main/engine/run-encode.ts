import { defaultImageLimits } from '../image/image-limits.ts';
import { encodeImages } from '../image-to-text/encode-images.ts';
import { ImageEncoder } from '../image-to-text/image-encoder.ts';
import type { Pixels } from '../image/pixels.ts';
import type { EngineWork } from './engine-work.ts';
import type { EngineEncodeRequest } from './protocol.ts';

/** Reads the request's images and tells the host of each batch as soon as it is read. */
export async function runEncode(
  request: EngineEncodeRequest,
  { requestId, sessions, pictures, context, emit }: EngineWork,
): Promise<void> {
  context.onProgress({ fraction: 0, phase: 'loading', step: 0, steps: request.images.length });
  const encoder = ImageEncoder.open(request.packFolder, request.encoder, sessions.open);
  const limits = { ...defaultImageLimits, minSide: request.minImageSide };
  const fit = ({ source }: EngineEncodeRequest['images'][number]): Promise<Pixels> =>
    pictures.fit(source, request.encoder.image, { limits, signal: context.signal });
  const { lengths, topK } = request;
  for await (const batch of encodeImages(encoder, request.images, { lengths, topK, fit }, context)) {
    const images = batch.images.map(({ index, place, error }) => ({ imageIndex: index, place, error: error?.toBody() ?? null }));
    emit({ type: 'encoded-images', requestId, images, lengths: [...batch.lengths], read: batch.read });
  }
}
