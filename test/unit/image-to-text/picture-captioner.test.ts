import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PictureCaptioner } from '../../../main/image-to-text/picture-captioner.ts';
import type { Pixels } from '../../../main/image/pixels.ts';
import { openOnnxSession } from '../../../main/tensor/onnx-session.ts';
import type { OpenSession } from '../../../main/tensor/session.ts';
import { tinyCaptionerFolder, tinyCaptionerRole } from './tiny-captioner.ts';

const openSession: OpenSession = (path) => openOnnxSession(path, { device: 'cpu' });
const never = new AbortController().signal;
const grey = (value: number): Pixels => ({ width: 40, height: 30, channels: 3, data: new Uint8Array(40 * 30 * 3).fill(value) });

it('tells the same of the same picture and something else of another, in graphs that are opened for it', async () => {
  const opened: string[] = [];
  const captioner = await PictureCaptioner.open(tinyCaptionerFolder, tinyCaptionerRole, (path) => {
    opened.push(path);
    return openSession(path);
  });
  expect(opened.sort()).toEqual(
    Object.values(tinyCaptionerRole.graphs)
      .map((file) => join(tinyCaptionerFolder, file))
      .sort(),
  );
  const dark = await captioner.describe(grey(0), 5, never);
  expect(await captioner.describe(grey(0), 5, never)).toBe(dark);
  expect(await captioner.describe(grey(255), 5, never)).not.toBe(dark);
  expect((await captioner.describe(grey(0), 2, never)).length).toBeLessThan(dark.length);
});

it('stops between two words when it is cancelled', async () => {
  const stop = new AbortController();
  let runs = 0;
  const captioner = await PictureCaptioner.open(tinyCaptionerFolder, tinyCaptionerRole, async (path) => {
    const session = await openSession(path);
    const run: typeof session.run = (feeds) => {
      runs += 1;
      if (runs === 3) stop.abort(new Error('enough'));
      return session.run(feeds);
    };
    return { ...session, run };
  });
  await expect(captioner.describe(grey(0), 50, stop.signal)).rejects.toThrow('enough');
  expect(runs).toBe(3);
});

it('refuses a model of a kind that cannot be asked, and says what is wrong with one that is not whole', async () => {
  const strange = PictureCaptioner.open(tinyCaptionerFolder, { ...tinyCaptionerRole, model: 'blip' }, openSession);
  await expect(strange).rejects.toMatchObject({ code: 'pack-invalid', hint: expect.stringContaining('florence2') as string });
  const empty = PictureCaptioner.open(join(tinyCaptionerFolder, 'onnx'), tinyCaptionerRole, openSession);
  await expect(empty).rejects.toMatchObject({ code: 'pack-invalid', message: 'Its captions cannot be asked for.' });
});
