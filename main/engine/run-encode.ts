import { defaultImageLimits } from '../image/image-limits.ts';
import { preprocessImage } from '../image/preprocess-image.ts';
import { encodeImages } from '../image-to-text/encode-images.ts';
import { ImageEncoder } from '../image-to-text/image-encoder.ts';
import type { EngineWork } from './engine-work.ts';
import type { EngineEncodeRequest } from './protocol.ts';

/** The first images are decoded here while the thread starts; few images never wake it. Once it runs, one is enough to begin with. */
const decodedHere = { asleep: 4, awake: 1 };

/** Reads the request's images and tells the host of each batch as soon as it is read. */
export async function runEncode(
  request: EngineEncodeRequest,
  { requestId, sessions, thread, context, emit }: EngineWork,
): Promise<void> {
  context.onProgress({ fraction: 0, phase: 'loading', step: 0, steps: request.images.length });
  const encoder = ImageEncoder.open(request.packFolder, request.encoder, sessions.open);
  const limits = { ...defaultImageLimits, minSide: request.minImageSide };
  const here = thread.isAwake ? decodedHere.awake : decodedHere.asleep;
  let begun = 0;
  const preprocess = ({ source }: EngineEncodeRequest['images'][number]): ReturnType<typeof preprocessImage> => {
    begun += 1;
    const { image } = request.encoder;
    return begun <= here ? preprocessImage(source, image, limits) : thread.preprocess(source, image, limits);
  };
  const { lengths, topK } = request;
  for await (const batch of encodeImages(encoder, request.images, { lengths, topK, preprocess }, context)) {
    const images = batch.images.map(({ index, place, error }) => ({ imageIndex: index, place, error: error?.toBody() ?? null }));
    emit({ type: 'encoded-images', requestId, images, lengths: [...batch.lengths], read: batch.read });
  }
}
