import { fileURLToPath } from 'node:url';
import { createEngineClient } from '../../../main/engine/create-engine-client.ts';
import type { EngineClient, EngineClientOptions } from '../../../main/engine/engine-client.ts';
import type { ReadPicture } from '../../../main/ports/reader.ts';
import type { EngineEncodeRequest } from '../../../main/engine/protocol.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { tinyEncoderFolder, tinyEncoderRole } from '../image-to-text/tiny-encoder.ts';

/** A client of real engine processes on the CPU; the caller closes it. */
export function createTestEngine(options: Partial<EngineClientOptions> = {}): EngineClient {
  return createEngineClient({ device: 'cpu', deviceReason: 'tests', ...options });
}

const picture = fileURLToPath(new URL('../../fixtures/images/small.png', import.meta.url));

/** Reads `count` times the same small picture with the tiny encoder. */
export function tinyEncode(count = 1, changes: Partial<EngineEncodeRequest> = {}): EngineEncodeRequest {
  return {
    packFolder: tinyEncoderFolder,
    packId: 'tiny',
    packVersion: '1.0.0',
    encoder: tinyEncoderRole,
    minImageSide: 1,
    images: Array.from({ length: count }, () => ({ source: picture, imageSha256: null })),
    lengths: [2, 5],
    ...changes,
  };
}

/** The same with a run of about two seconds an image, which nothing can interrupt. */
export function slowEncode(count = 1): EngineEncodeRequest {
  return tinyEncode(count, { encoder: { ...tinyEncoderRole, backbone: { file: 'slow.onnx' } } });
}

export async function readAll(
  engine: EngineClient,
  request: EngineEncodeRequest,
  signal: AbortSignal = quietContext.signal,
): Promise<ReadPicture[]> {
  const images: ReadPicture[] = [];
  for await (const image of engine.encode(request, { ...quietContext, signal })) images.push(image);
  return images;
}

/** Resolves when the status is as asked for. */
export function whenStatus(engine: EngineClient, fits: (status: ReturnType<EngineClient['status']>) => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (fits(engine.status())) {
      resolve();
      return;
    }
    const stop = engine.onStatus((status) => {
      if (!fits(status)) return;
      stop();
      resolve();
    });
  });
}

/** True while a process with this id exists. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Looks every 50 ms; the test's own time limit ends a wait that never comes true. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}
