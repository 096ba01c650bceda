import type { EngineClient } from '../../main/engine/engine-client.ts';
import type { EngineEncodeRequest, EngineGenerateRequest } from '../../main/engine/protocol.ts';
import { quietContext } from '../../main/running/run-context.ts';
import type { BenchPack } from './bench-pack.ts';

export function encodeRequest(pack: BenchPack, images: readonly string[], lengths: number[]): EngineEncodeRequest {
  return {
    packFolder: pack.folder,
    packId: pack.id,
    packVersion: '1.0.0',
    encoder: pack.encoder,
    minImageSide: pack.minImageSide,
    images: images.map((source) => ({ source, imageSha256: null })),
    lengths,
  };
}

export function generateRequest(pack: BenchPack, steps: number, count: number): EngineGenerateRequest {
  return {
    packFolder: pack.folder,
    decoder: pack.decoder,
    prompt: { type: 'text', text: 'a large red apple on a blue sky' },
    negative: '',
    steps,
    guidance: pack.decoder.defaults.guidance,
    seed: 7,
    count,
    scheduler: pack.decoder.defaults.scheduler,
    width: pack.decoder.image.width,
    height: pack.decoder.image.height,
    init: null,
    fidelity: null,
    previews: false,
  };
}

/**
 * Encodes every image and throws if one failed, so that no row measures failures.
 *
 * @param onEncoded is told how many are done
 */
export async function encodeAll(
  engine: EngineClient,
  request: EngineEncodeRequest,
  onEncoded: (encoded: number) => void = () => undefined,
): Promise<void> {
  let encoded = 0;
  for await (const image of engine.encode(request, quietContext)) {
    if (image.error) throw new Error(image.error.message);
    encoded += 1;
    onEncoded(encoded);
  }
  if (encoded !== request.images.length) throw new Error(`${encoded} of ${request.images.length} images were encoded.`);
}
