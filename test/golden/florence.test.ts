import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { CaptionerRole } from '../../contract/models/text-roles.ts';
import { PictureCaptioner } from '../../main/image-to-text/picture-captioner.ts';
import type { Pixels } from '../../main/image/pixels.ts';
import { openOnnxSession } from '../../main/tensor/onnx-session.ts';
import { readGolden } from './read-golden.ts';

const golden = readGolden('florence', z.object({ picture: z.number(), words: z.number(), tokens: z.number(), text: z.string() }));
const folder = fileURLToPath(new URL('../fixtures/models/tiny-florence', import.meta.url));
const graphs = ['vision_encoder', 'embed_tokens', 'encoder_model', 'decoder_model_merged'];
const role: CaptionerRole = {
  ...{ layout: 'transformers.js', model: 'florence2', tokenizer: '.' },
  graphs: Object.fromEntries(graphs.map((name) => [name, `onnx/${name}.onnx`])),
};

const side = 32;

/** (37·kind·(c + 1) + 5·x·(kind + 1) + 3·y) mod 256, as the generator makes them. */
function picture(kind: number): Pixels {
  const data = Uint8Array.from({ length: side * side * 3 }, (_, index) => {
    const [channel, x, y] = [index % 3, Math.floor(index / 3) % side, Math.floor(index / 3 / side)];
    return (37 * kind * (channel + 1) + 5 * x * (kind + 1) + 3 * y) % 256;
  });
  return { width: side, height: side, channels: 3, data };
}

it('Florence-2 says of a picture what that of transformers says, at each of its lengths', async () => {
  const captioner = await PictureCaptioner.open(folder, role, (path) => openOnnxSession(path, { device: 'cpu' }));
  const never = new AbortController().signal;
  for (const { picture: kind, words, text } of golden.cases)
    expect([kind, words, await captioner.describe(picture(kind), words, never)]).toEqual([kind, words, text]);
  // The texts differ, so that an equal one is no accident.
  expect(new Set(golden.cases.map(({ text }) => text)).size).toBeGreaterThan(golden.cases.length / 2);
});
