import { join } from 'node:path';
import type { ImageInput } from '../../../contract/models/pack.ts';
import { findTensorSpec } from '../../tensor/find-tensor-spec.ts';
import { runInBatches } from '../../tensor/run-in-batches.ts';
import { pauseFor } from '../../tensor/yield-to-event-loop.ts';
import type { EngineWork } from '../engine-work.ts';
import type { EngineFeaturesRequest } from './features-request.ts';
import { vectorsOfPictures } from './vectors-of-pictures.ts';

/** As the features of FID take their pictures: both sides to size, values to −1..1. */
const inceptionInput: ImageInput = {
  ...{ width: 299, height: 299, resample: 'bilinear', fit: 'stretch' },
  ...{ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
};
const inceptionFeatures = 2048;
/** Of 299 × 299: what the layers in between hold of each is some 30 MB. */
const ROWS_A_RUN = 8;

/** Inception's features of every picture. One that cannot be read has none, and the others go on. */
export async function runFeatures({ packFolder, features, images }: EngineFeaturesRequest, work: EngineWork): Promise<void> {
  const { requestId, sessions, context, emit } = work;
  const read = await vectorsOfPictures(images, { input: inceptionInput, atOnce: ROWS_A_RUN }, work, async (pixelValues) => {
    const session = await sessions.open(join(packFolder, features.graph));
    const { data } = await runInBatches({
      session,
      rows: { [findTensorSpec(session, 'inputs', ['pixel_values'], 0).name]: pixelValues },
      output: findTensorSpec(session, 'outputs', ['features'], 0).name,
      row: [inceptionFeatures],
      limit: ROWS_A_RUN,
      beforeRun: pauseFor(context.signal),
    });
    const pictures = data.length / inceptionFeatures;
    return Array.from({ length: pictures }, (_, at) => data.slice(at * inceptionFeatures, (at + 1) * inceptionFeatures));
  });
  emit({ type: 'features', requestId, images: read });
}
