import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AutoProcessor, CLIPVisionModelWithProjection, env, RawImage } from '@huggingface/transformers';
import { z } from 'zod';
import { quietContext } from '../../../main/running/run-context.ts';
import { judge } from '../bench-row.ts';
import type { BenchRow } from '../bench-row.ts';
import { withEngine } from '../with-engine.ts';
import { PeerProcess } from './peer-process.ts';
import { takeTurns } from './take-turns.ts';

const ROUNDS = 3;
/** As many pictures a run as the studio takes. */
const atOnce = 16;
const answerSchema = z.object({ vectors: z.array(z.array(z.number())) });

/** transformers.js with the same graph, in the folder layout it loads. */
async function openTransformersJs(folder: string): Promise<(pictures: readonly string[]) => Promise<void>> {
  await mkdir(join(folder, 'clip-js/onnx'), { recursive: true });
  for (const file of ['config.json', 'preprocessor_config.json'])
    await copyFile(join(folder, 'clip-onnx', file), join(folder, 'clip-js', file));
  await copyFile(join(folder, 'clip-onnx/model.onnx'), join(folder, 'clip-js/onnx/vision_model.onnx'));
  env.allowRemoteModels = false;
  env.localModelPath = folder;
  const processor = await AutoProcessor.from_pretrained('clip-js');
  const model = await CLIPVisionModelWithProjection.from_pretrained('clip-js', { device: 'cpu', dtype: 'fp32' });
  return async (pictures) => {
    for (let at = 0; at < pictures.length; at += atOnce) {
      const images = await Promise.all(pictures.slice(at, at + atOnce).map((path) => RawImage.read(path)));
      await model(await processor(images));
    }
  };
}

/** Pictures of files → vectors of CLIP ViT-B/32 by us, transformers.js and Optimum, in turns, with one graph. */
export async function compareClip(python: string, folder: string, pictures: readonly string[]): Promise<BenchRow[]> {
  const transformersJs = await openTransformersJs(folder);
  const optimum = await PeerProcess.start(python, 'optimum-clip', join(folder, 'clip-onnx'));
  const image = { width: 224, height: 224, resample: 'bicubic' as const, fit: 'crop' as const };
  const mean: [number, number, number] = [0.481_454_66, 0.457_827_5, 0.408_210_73];
  const std: [number, number, number] = [0.268_629_54, 0.261_302_58, 0.275_777_11];
  // No text is asked for, so the graph and the tokenizer of texts are never opened.
  const scorer = {
    vision: 'clip-onnx/model.onnx',
    text: 'clip-onnx/model.onnx',
    tokenizer: 'tokenizer',
    image: { ...image, mean, std },
  };
  try {
    return await withEngine(async (engine) => {
      let ours: readonly (Float32Array | null)[] = [];
      let theirs: readonly (readonly number[])[] = [];
      const seconds = await takeTurns(
        [
          {
            name: 'ours',
            work: async () => {
              ours = (await engine.embed({ packFolder: folder, scorer, images: [...pictures], texts: [] }, quietContext)).images;
            },
          },
          { name: 'transformers.js', work: () => transformersJs(pictures) },
          {
            name: 'Optimum',
            work: async () => void (theirs = answerSchema.parse(await optimum.ask({ pictures })).vectors),
          },
        ],
        ROUNDS,
      );
      const least = Math.min(...ours.map((vector, index) => cosine(vector ?? [], theirs[index] ?? [])));
      const rows = ['transformers.js', 'Optimum'].map((name) => {
        const [mine = 0, other = 0] = [seconds['ours'], seconds[name]];
        const shown = `${mine.toFixed(2)} s for ${other.toFixed(2)} s`;
        return judge(
          { name: `CLIP of ${pictures.length} pictures, time over ${name}'s (${shown})`, unit: '×', atMost: 0.9 },
          mine / other,
        );
      });
      return [...rows, judge({ name: "CLIP, least cosine with Optimum's vectors", unit: '', atLeast: 0.999 }, least)];
    });
  } finally {
    await optimum.close();
  }
}

/** Of two vectors of length 1. */
function cosine(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== other.length || one.length === 0) return 0;
  return Array.from(one).reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}
