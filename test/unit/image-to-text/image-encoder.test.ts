import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attentionOne } from '../../../contract/texts/reading.ts';
import { takeImage } from '../../../main/image-to-text/encoded-length.ts';
import { ImageEncoder } from '../../../main/image-to-text/image-encoder.ts';
import { fitImage } from '../../../main/image/decode/fit-image.ts';
import type { Pixels } from '../../../main/image/pixels.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { openOnCpu, redAndGreenPng, tinyEncoderFolder, tinyEncoderRole } from './tiny-encoder.ts';

const encoder = ImageEncoder.open(tinyEncoderFolder, tinyEncoderRole, openOnCpu);
const redAndGreen = async (): Promise<Pixels> => fitImage(await redAndGreenPng(), tinyEncoderRole.image);
const black: Pixels = { width: 8, height: 8, channels: 3, data: new Uint8Array(192) };

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

  test('opens only the heads that are asked for, and each graph once', async () => {
    const opened: string[] = [];
    const fresh = ImageEncoder.open(tinyEncoderFolder, tinyEncoderRole, (path) => {
      opened.push(basename(path));
      return openOnCpu(path);
    });
    for (const pictures of [[black], [black, black]]) await fresh.encode(pictures, { lengths: [2] }, quietContext);
    expect(opened).toEqual(['backbone.onnx', 'pooler_2.onnx']);
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
