import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { env, pipeline } from '@huggingface/transformers';
import type { BenchPack } from './bench-pack.ts';
import { judge, median } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';
import { encodeAll, encodeRequest } from './engine-requests.ts';
import { withEngine } from './with-engine.ts';

const PAIRS = 3;

/** The backbone in the folder layout transformers.js loads. */
async function layOutBackbone(pack: BenchPack, folder: string): Promise<string> {
  const model = join(folder, 'backbone');
  await mkdir(join(model, 'onnx'), { recursive: true });
  for (const file of ['config.json', 'preprocessor_config.json']) {
    await copyFile(join(pack.folder, 'encoder', file), join(model, file));
  }
  await copyFile(join(pack.folder, pack.encoder.backbone.file), join(model, 'onnx/model.onnx'));
  return model;
}

async function openReference(pack: BenchPack, folder: string): Promise<(path: string) => Promise<unknown>> {
  await layOutBackbone(pack, folder);
  env.allowRemoteModels = false;
  env.localModelPath = folder;
  const extract = await pipeline('image-feature-extraction', 'backbone', { device: 'cpu', dtype: 'fp32' });
  return (path) => extract(path, { pool: false });
}

/**
 * Throughput of a batch encode (decode, backbone, pooler, documents) over that of transformers.js running the same backbone
 * graph one image at a time. Both are warm and take turns; the median ratio counts.
 */
export async function compareEncode(pack: BenchPack, pictures: readonly string[], folder: string): Promise<BenchRow> {
  const reference = await openReference(pack, folder);
  const request = encodeRequest(pack, pictures, [15]);
  const ratios = await withEngine(async (engine) => {
    await encodeAll(engine, request);
    for (const path of pictures.slice(0, 20)) await reference(path);
    const found: number[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const started = performance.now();
      await encodeAll(engine, request);
      const between = performance.now();
      for (const path of pictures) await reference(path);
      found.push((performance.now() - between) / (between - started));
    }
    return found;
  });
  const name = `encode of ${pictures.length} images over transformers.js one by one`;
  return judge({ name, unit: '× throughput', atLeast: 1.5 }, median(ratios));
}
