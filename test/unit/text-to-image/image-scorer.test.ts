import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openOnnxSession } from '../../../main/tensor/onnx-session.ts';
import { loadTokenizer } from '../../../main/tokenizer/load-tokenizer.ts';
import { pauseFor } from '../../../main/tensor/yield-to-event-loop.ts';
import type { Tensor } from '../../../main/tensor/tensor.ts';
import { ImageScorer } from '../../../main/text-to-image/judges/image-scorer.ts';

const folder = fileURLToPath(new URL('../../fixtures/models/tiny-scorer', import.meta.url));
const { signal } = new AbortController();

function openScorer(): { scorer: ImageScorer; opened: string[] } {
  const opened: string[] = [];
  const paths = {
    vision: join(folder, 'vision_model.onnx'),
    text: join(folder, 'text_model.onnx'),
    tokenizer: join(folder, 'tokenizer'),
  };
  const scorer = new ImageScorer(paths, (path) => {
    opened.push(path);
    return openOnnxSession(path, { device: 'cpu', threads: 1 });
  });
  return { scorer, opened };
}

function pictures(count: number): Tensor<'float32'> {
  const data = Float32Array.from({ length: count * 3 * 256 }, (_, index) => Math.sin(index * 0.37));
  return { dtype: 'float32', shape: [count, 3, 16, 16], data };
}

describe('ImageScorer', () => {
  it('gives rows of exact tokens the vectors of their texts, short ones beside long ones', async () => {
    const { scorer } = openScorer();
    const tokenizer = await loadTokenizer(join(folder, 'tokenizer'));
    const texts = ['a red fox', 'fox'];
    const ids = texts.map((text) => tokenizer.encode(text).map(({ id }) => id));
    const length = Math.max(...ids.map((row) => row.length));
    const tokenIds = new Int32Array(2 * length).fill(-1);
    for (const [row, own] of ids.entries()) tokenIds.set(own, row * length);
    const rows = await scorer.embedRows({ length, tokenIds }, signal);
    const wanted = (await scorer.embedTexts(texts, signal)).flatMap((vector) => [...vector]);
    expect(rows).toHaveLength(wanted.length);
    for (const [at, value] of wanted.entries()) expect(rows[at]).toBeCloseTo(value, 5);
    const [first = 0, second = 0] = await scorer.compareTokens({ length, tokenIds }, rows.slice(0, 8), pauseFor(signal));
    expect(first).toBeCloseTo(1, 5);
    expect(second).toBeCloseTo(
      rows.subarray(0, 8).reduce((sum, value, at) => sum + value * (rows[8 + at] ?? 0), 0),
      5,
    );
    await scorer.release();
  });

  it('gives vectors of length 1, more pictures than fit a run in order', async () => {
    const { scorer } = openScorer();
    const together = await scorer.embedImages(pictures(37), signal);
    expect(together).toHaveLength(37);
    for (const embedding of together) expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
    const data = pictures(37).data.subarray(36 * 768);
    const [alone] = await scorer.embedImages({ dtype: 'float32', shape: [1, 3, 16, 16], data }, signal);
    for (const [index, value] of (alone ?? []).entries()) expect(together[36]?.[index]).toBeCloseTo(value, 5);
    await scorer.release();
  });

  it('cuts a text that is too long instead of failing', async () => {
    const { scorer } = openScorer();
    const [embedding] = await scorer.embedTexts(['red cat '.repeat(500)], signal);
    expect(embedding).toHaveLength(8);
    await scorer.release();
  });

  it('opens each graph at first use, once, and again after release', async () => {
    const { scorer, opened } = openScorer();
    await scorer.embedImages(pictures(1), signal);
    await scorer.embedImages(pictures(1), signal);
    expect(opened).toEqual([join(folder, 'vision_model.onnx')]);
    await scorer.release();
    await scorer.embedImages(pictures(1), signal);
    expect(opened).toHaveLength(2);
    await scorer.release();
  });

  it('stops between runs when cancelled', async () => {
    const { scorer } = openScorer();
    const controller = new AbortController();
    controller.abort();
    await expect(scorer.embedImages(pictures(1), controller.signal)).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
    await scorer.release();
  });
});

it('asks whoever keeps vocabularies for its own', async () => {
  const asked: string[] = [];
  const paths = { vision: '', text: join(folder, 'text_model.onnx'), tokenizer: join(folder, 'tokenizer') };
  const scorer = new ImageScorer(
    paths,
    (path) => openOnnxSession(path, { device: 'cpu', threads: 1 }),
    (place) => {
      asked.push(place);
      return loadTokenizer(place);
    },
  );
  await scorer.embedTexts(['a red fox'], signal);
  expect(asked).toEqual([paths.tokenizer]);
  await scorer.release();
});

describe('a graph that cannot be opened', () => {
  it('is tried again by the next call', async () => {
    let failures = 1;
    const paths = { vision: join(folder, 'vision_model.onnx'), text: '', tokenizer: '' };
    const scorer = new ImageScorer(paths, (path) =>
      failures-- > 0 ? Promise.reject(new Error('disk')) : openOnnxSession(path, { device: 'cpu', threads: 1 }),
    );
    await expect(scorer.embedImages(pictures(1), signal)).rejects.toThrow('disk');
    await expect(scorer.embedImages(pictures(1), signal)).resolves.toHaveLength(1);
    await scorer.release();
  });
});
