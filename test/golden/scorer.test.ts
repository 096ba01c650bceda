import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cosineSimilarity } from '../../main/tensor/cosine-similarity.ts';
import { openOnnxSession } from '../../main/tensor/onnx-session.ts';
import type { Tensor } from '../../main/tensor/tensor.ts';
import { ImageScorer } from '../../main/text-to-image/judges/image-scorer.ts';
import { largestDifference, readGolden } from './read-golden.ts';

const numbers = z.array(z.number());
const golden = readGolden(
  'scorer',
  z.object({
    side: z.number(),
    texts: z.array(z.string()),
    imageEmbeddings: z.array(numbers),
    textEmbeddings: z.array(numbers),
    cosines: numbers,
  }),
);
const folder = fileURLToPath(new URL('../fixtures/models/tiny-scorer', import.meta.url));
const { signal } = new AbortController();

/** sin(b + 0.7·c + 0.3·y + 0.11·x), as the generator makes them. */
function pictures(first: number, count: number, side: number): Tensor<'float32'> {
  const data = Float32Array.from({ length: count * 3 * side * side }, (_, index) => {
    const [x, y] = [index % side, Math.floor(index / side) % side];
    const channel = Math.floor(index / (side * side)) % 3;
    return Math.sin(first + Math.floor(index / (3 * side * side)) + 0.7 * channel + 0.3 * y + 0.11 * x);
  });
  return { dtype: 'float32', shape: [count, 3, side, side], data };
}

describe('the scorer equals CLIP of transformers', () => {
  const scorer = new ImageScorer(
    { vision: join(folder, 'vision_model.onnx'), text: join(folder, 'text_model.onnx'), tokenizer: join(folder, 'tokenizer') },
    (path) => openOnnxSession(path, { device: 'cpu', threads: 1 }),
  );
  for (const { side, texts, imageEmbeddings, textEmbeddings, cosines } of golden.cases) {
    it('embeds pictures and texts, and compares pictures', async () => {
      const images = await scorer.embedImages(pictures(0, imageEmbeddings.length, side), signal);
      for (const [index, expected] of imageEmbeddings.entries()) {
        expect(largestDifference(images[index] ?? [], expected)).toBeLessThan(golden.tolerance);
      }
      const embedded = await scorer.embedTexts(texts, signal);
      for (const [index, expected] of textEmbeddings.entries()) {
        expect(largestDifference(embedded[index] ?? [], expected)).toBeLessThan(golden.tolerance);
      }
      const [reference] = await scorer.embedImages(pictures(0, 1, side), signal);
      const others = await scorer.embedImages(pictures(1, cosines.length, side), signal);
      const scores = others.map((other) => cosineSimilarity(reference ?? new Float32Array(), other));
      expect(largestDifference(scores, cosines)).toBeLessThan(golden.tolerance);
      await scorer.release();
    });
  }
});
