import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packManifestSchema } from '../../../contract/pack.ts';
import { takeImage } from '../../../main/image-to-text/encoded-length.ts';
import { ImageEncoder } from '../../../main/image-to-text/image-encoder.ts';
import { preprocessImage } from '../../../main/image/decode/preprocess-image.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import type { Tensor } from '../../../main/tensor/tensor.ts';
import { openOnCpu } from './tiny-encoder.ts';

const folder = join(import.meta.dirname, '../../../models/packs/tiny-scenes');
const manifest = packManifestSchema.parse(JSON.parse(await readFile(join(folder, 'pack.json'), 'utf8')));
const role = manifest.roles.encoder;
if (role?.inside === undefined) throw new Error('the embedded pack does not know its world');
const { inside } = role;

/** Every pixel a colour of its own; a generator with a seed, so that the picture stays the same. */
function noise(): Tensor<'float32'> {
  let state = 1;
  const data = new Float32Array(3 * 64 * 64).map(() => {
    state = (state * 48_271) % 2_147_483_647;
    return (state / 2_147_483_647) * 2 - 1;
  });
  return { dtype: 'float32', shape: [1, 3, 64, 64], data };
}

describe('a pack that knows its world', () => {
  test('tells its own scenes from pictures of another kind, whichever length is read', async () => {
    const encoder = ImageEncoder.open(folder, role, openOnCpu);
    const samples = await Promise.all(manifest.samples.map(({ file }) => preprocessImage(join(folder, file), role.image)));
    const pictures = [...samples, noise()];
    for (const lengths of [[5], [15, 75]]) {
      const encoded = await encoder.encode(pictures, { lengths }, quietContext);
      for (const one of encoded) {
        const scores = pictures.map((_, image) => takeImage(one, image, pictures.length).insideScores?.[0] ?? Number.NaN);
        expect(scores.map((score) => score >= inside.threshold)).toEqual([...samples.map(() => true), false]);
      }
    }
  });

  test('one that does not say has no scores', async () => {
    const { inside: left, ...without } = role;
    const [read] = await ImageEncoder.open(folder, without, openOnCpu).encode([noise()], { lengths: [5] }, quietContext);
    expect([left, read?.insideScores]).toEqual([inside, null]);
  });
});
