import { describe, expect, test } from 'vitest';
import { attentionOne } from '../../../contract/reading.ts';
import { takeImage } from '../../../main/image-to-text/encoded-length.ts';
import { ImageEncoder } from '../../../main/image-to-text/image-encoder.ts';
import { preprocessImage } from '../../../main/image/decode/preprocess-image.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import type { Tensor } from '../../../main/tensor/tensor.ts';
import { openOnCpu, redAndGreenPng, tinyEncoderFolder, tinyEncoderRole } from './tiny-encoder.ts';

const opened: string[] = [];
const encoder = ImageEncoder.open(tinyEncoderFolder, tinyEncoderRole, (path) => {
  opened.push(path);
  return openOnCpu(path);
});
const redAndGreen = async (): Promise<Tensor<'float32'>> => preprocessImage(await redAndGreenPng(), tinyEncoderRole.image);
const black: Tensor<'float32'> = { dtype: 'float32', shape: [1, 3, 8, 8], data: new Float32Array(192) };

describe('ImageEncoder', () => {
  test('reads ids, probabilities and attention of every length', async () => {
    const [two, five] = await encoder.encode([await redAndGreen()], { lengths: [2, 5] }, quietContext);
    expect([two?.length, five?.length]).toEqual([2, 5]);
    // The likeliest word of each position, and what is second at the first.
    expect([0, 4].map((index) => two?.tokenIds[index])).toEqual([0, 1]);
    expect(two?.tokenIds[1]).toBe(6);
    // Query 0 looks for red with weight 8: e^8 for the red patch against three times 1.
    const onRed = Math.exp(8) / (Math.exp(8) + 3);
    expect(two?.attention?.[0]).toBe(Math.round(onRed * attentionOne));
    expect(two?.attention?.[7]).toBe(Math.round(onRed * attentionOne));
    const [red, re, other] = [Math.exp(6 * onRed), Math.exp(3 * onRed), 6];
    expect(two?.probabilities[0]).toBeCloseTo(red / (red + re + other), 5);
    expect(two?.probabilities[1]).toBeCloseTo(re / (red + re + other), 5);
  });

  test('a batch gives what each image gives alone', async () => {
    const image = await redAndGreen();
    const options = { lengths: [5], topK: 2 };
    const [together] = await encoder.encode([black, image, black], options, quietContext);
    const [alone] = await encoder.encode([image], options, quietContext);
    const [blackAlone] = await encoder.encode([black], options, quietContext);
    if (!together) throw new Error('nothing was encoded');
    expect(takeImage(together, 1, 3)).toEqual(alone);
    expect(takeImage(together, 2, 3)).toEqual(blackAlone);
    expect(takeImage(together, 1, 3).tokenIds.length).toBe(10);
  });

  test('opens only the heads that are asked for', async () => {
    opened.length = 0;
    await encoder.encode([black], { lengths: [2] }, quietContext);
    expect(opened.some((path) => path.endsWith('pooler_2.onnx'))).toBe(true);
    expect(opened.some((path) => path.endsWith('pooler_5.onnx'))).toBe(false);
  });

  test('says which lengths there are', async () => {
    expect(encoder.lengths).toEqual([2, 5]);
    await expect(encoder.encode([black], { lengths: [15] }, quietContext)).rejects.toMatchObject({
      code: 'length-unsupported',
      hint: expect.stringContaining('2, 5') as string,
    });
  });

  test('stops between runs when aborted', async () => {
    const controller = new AbortController();
    const running = encoder.encode([black], { lengths: [2, 5] }, { ...quietContext, signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });
});
