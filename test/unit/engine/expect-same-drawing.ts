import { expect } from 'vitest';
import type { PackManifest } from '../../../contract/models/pack.ts';
import type { EngineClient } from '../../../main/engine/engine-client.ts';
import { decodeImage } from '../../../main/image/decode/decode-image.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { packFolder } from '../../helpers/open-cluster.ts';

const noBytes = new Uint8Array();

/** Servers draw the picture that is drawn here, and compare it with the same outcome. */
export async function expectSameDrawing({ roles }: PackManifest, local: EngineClient, remote: EngineClient): Promise<void> {
  const { decoder, scorer } = roles;
  if (decoder === undefined || scorer === undefined) throw new Error('it draws');
  const request = {
    ...{ packFolder, decoder, prompt: { type: 'text' as const, text: 'a pig' }, negative: '', steps: 3, guidance: 3, seed: 5 },
    ...{ count: 1, scheduler: 'ddim' as const, width: 64, height: 64, init: null, previews: false },
    fidelity: { scorer, original: `${packFolder}/samples/1-pig.png` },
  };
  const [[here], [there]] = [
    (await local.generate(request, quietContext)).images,
    (await remote.generate(request, quietContext)).images,
  ];
  expect(there?.device).toBe('remote:cluster');
  expect(Math.abs((there?.fidelity ?? 0) - (here?.fidelity ?? 1))).toBeLessThan(1e-4);
  const [expected, found] = [await decodeImage(here?.png ?? noBytes), await decodeImage(there?.png ?? noBytes)];
  const off = Array.from(found.data, (value, index) => Math.abs(value - (expected.data[index] ?? 0)));
  // A number that lies between two whole ones may fall on either side.
  expect(off.reduce((most, value) => Math.max(most, value), 0)).toBeLessThanOrEqual(1);
}
