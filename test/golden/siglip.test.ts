import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { openOnnxSession } from '../../main/tensor/onnx-session.ts';
import { ImageScorer } from '../../main/text-to-image/judges/image-scorer.ts';
import { loadScorerTokenizer } from '../../main/text-to-image/judges/load-scorer-tokenizer.ts';
import { loadTokenizer } from '../../main/tokenizer/load-tokenizer.ts';
import { largestDifference, readGolden } from './read-golden.ts';

const rows = z.array(z.array(z.number()));
const golden = readGolden(
  'siglip',
  z.object({ side: z.number(), texts: z.array(z.string()), ids: rows, imageEmbeddings: rows, textEmbeddings: rows }),
);
const [{ side, texts, ids, imageEmbeddings, textEmbeddings }] = golden.cases as [(typeof golden.cases)[number]];
const folder = fileURLToPath(new URL('../fixtures/models/tiny-siglip', import.meta.url));
const { signal } = new AbortController();

it('SigLIP’s texts are padded as its tokenizer of transformers pads them', async () => {
  const tokenizer = await loadScorerTokenizer(folder);
  expect(tokenizer.modelMaxLength).toBe(64);
  for (const [at, text] of texts.entries()) {
    const own = tokenizer.encode(text).map(({ id }) => id);
    expect(Array.from(tokenizer.toModelInputs([own], { maxLength: 64 }), Number), text).toEqual(ids[at]);
  }
});

it('texts become canonical also where a repository’s vocabulary does not say how', async () => {
  // Older repositories have their rules in code of their own and none in tokenizer.json.
  const bare = await mkdtemp(join(tmpdir(), 'siglip-'));
  onTestFinished(() => rm(bare, { recursive: true }));
  await cp(folder, bare, { recursive: true });
  const vocabulary = z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(join(bare, 'tokenizer.json'), 'utf8')));
  expect(vocabulary['normalizer']).toMatchObject({ type: 'Sequence' });
  await writeFile(join(bare, 'tokenizer.json'), JSON.stringify({ ...vocabulary, normalizer: null }));
  const tokenizer = await loadScorerTokenizer(bare);
  for (const [at, text] of texts.entries()) {
    const own = tokenizer.encode(text).map(({ id }) => id);
    expect(Array.from(tokenizer.toModelInputs([own], { maxLength: 64 }), Number), text).toEqual(ids[at]);
  }
});

it('pictures and texts have the vectors that SigLIP of transformers gives them', async () => {
  const paths = { vision: join(folder, 'onnx/vision_model.onnx'), text: join(folder, 'onnx/text_model.onnx'), tokenizer: folder };
  const scorer = new ImageScorer(paths, (path) => openOnnxSession(path, { device: 'cpu', threads: 1 }));
  const data = Float32Array.from({ length: imageEmbeddings.length * 3 * side * side }, (_, index) => {
    const [x, y] = [index % side, Math.floor(index / side) % side];
    const [channel, picture] = [Math.floor(index / (side * side)) % 3, Math.floor(index / (3 * side * side))];
    return Math.sin(picture + 0.7 * channel + 0.3 * y + 0.11 * x);
  });
  const images = await scorer.embedImages({ dtype: 'float32', shape: [imageEmbeddings.length, 3, side, side], data }, signal);
  const embedded = await scorer.embedTexts(texts, signal);
  for (const [at, expected] of imageEmbeddings.entries())
    expect(largestDifference(images[at] ?? [], expected)).toBeLessThan(golden.tolerance);
  for (const [at, expected] of textEmbeddings.entries())
    expect(largestDifference(embedded[at] ?? [], expected)).toBeLessThan(golden.tolerance);
  // Texts that are unlike are told apart, so that an equal vector is no accident.
  expect(largestDifference(textEmbeddings[0] ?? [], textEmbeddings[1] ?? [])).toBeGreaterThan(0.01);
  await scorer.release();
});

it('a search over single tokens is told to take a guide with CLIP’s', async () => {
  await expect(loadTokenizer(folder)).rejects.toMatchObject({
    code: 'pack-role-missing',
    hint: expect.stringContaining('judge') as string,
  });
});
