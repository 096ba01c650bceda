import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSample } from '../../../../main/answers/find-sample.ts';
import type { OpenedServices } from '../../../../main/answers/open-services.ts';
import { quietContext } from '../../../../main/running/run-context.ts';
import { LossJudge } from '../../../../main/work/solving/loss-judge.ts';
import { PACK_ID, hasPack } from '../../../contract/open-test-studio.ts';
import { openDurableServices } from '../open-durable-services.ts';

let folder: string;
let opened: OpenedServices;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dediffusion-judge-'));
  opened = await openDurableServices(folder);
});
afterAll(async () => {
  await opened.close();
  await rm(folder, { recursive: true, force: true });
});

describe.skipIf(!hasPack)('a judge of texts by the loss of the decoder', () => {
  it('reads short rows while it searches, and compares texts as they are drawn', async () => {
    const { packs, library } = opened.services;
    const pack = await packs.resolvePack(PACK_ID);
    const { image } = await addSample(opened.services, PACK_ID, pack.manifest.samples[0]?.file ?? '');
    const options = { pack, original: library.getImagePath(image.sha256), seed: 5 };
    const texts = [
      [320, 330, 340],
      [320, 330, 350],
    ];
    const whole = new LossJudge(opened.services, options, quietContext);
    const short = new LossJudge(opened.services, { ...options, places: 3 }, quietContext);
    expect(await short.judge(texts, [0.5])).not.toEqual(await whole.judge(texts, [0.5]));
    expect(await short.compare(texts)).toEqual(await whole.compare(texts));
    expect([short.calls, short.evaluations]).toEqual([whole.calls, whole.evaluations]);
  });
});
