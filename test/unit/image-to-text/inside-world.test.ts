import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packManifestSchema } from '../../../contract/models/pack.ts';
import { takeImage } from '../../../main/image-to-text/encoded-length.ts';
import { ImageEncoder } from '../../../main/image-to-text/image-encoder.ts';
import { fitImage } from '../../../main/image/decode/fit-image.ts';
import type { Pixels } from '../../../main/image/pixels.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { openOnCpu } from './tiny-encoder.ts';

const folder = join(import.meta.dirname, '../../../models/packs/tiny-scenes');
const manifest = packManifestSchema.parse(JSON.parse(await readFile(join(folder, 'pack.json'), 'utf8')));
const role = manifest.roles.encoder;
if (role?.inside === undefined) throw new Error('the embedded pack does not know its world');
const { inside } = role;

/** Every pixel a colour of its own; a generator with a seed, so that the picture stays the same. */
function noise(): Pixels {
  let state = 1;
  const data = new Uint8Array(3 * 64 * 64).map(() => {
    state = (state * 48_271) % 2_147_483_647;
    return (state / 2_147_483_647) * 256;
  });
  return { width: 64, height: 64, channels: 3, data };
}

describe('a pack that knows its world', () => {
  test('tells its own scenes from pictures of another kind, whichever length is read', async () => {
    const encoder = ImageEncoder.open(folder, role, openOnCpu);
    const samples = await Promise.all(manifest.samples.map(({ file }) => fitImage(join(folder, file), role.image)));
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
