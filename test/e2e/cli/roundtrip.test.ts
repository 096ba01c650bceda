import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { roundtripOutputSchema } from '../../../main/shell/cli/commands/roundtrip.ts';
import { drawTestPicture } from './draw-test-picture.ts';
import { runJson } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
  await writeFile(join(home, 'one.png'), await drawTestPicture(1));
  await writeFile(join(home, 'two.png'), await drawTestPicture(2));
  await writeFile(join(home, 'bad.png'), '');
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('goes from picture to text to pictures and measures each', async () => {
  const args = [
    'roundtrip',
    'one.png',
    'bad.png',
    'two.png',
    '--length',
    '15',
    '--seeds',
    '2',
    '--steps',
    '2',
    '--seed',
    '10',
    '--out',
    'out',
  ];
  const { images, errors } = await runJson(args, { home }, roundtripOutputSchema, 1);
  expect(errors).toMatchObject([{ image: 'bad.png', code: 'image-unreadable' }]);
  expect(images.map(({ image }) => image)).toEqual(['one.png', 'two.png']);
  for (const { text, files, fidelity } of images) {
    expect(text).not.toBe('');
    expect(files).toHaveLength(2);
    for (const file of files) expect((await readFile(join(home, file))).subarray(1, 4).toString()).toBe('PNG');
    expect(fidelity.perSeed.map(({ seed }) => seed)).toEqual([10, 11]);
    for (const value of [fidelity.mean, ...fidelity.perSeed.map((one) => one.fidelity)]) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
    const mean = fidelity.perSeed.reduce((sum, one) => sum + one.fidelity, 0) / 2;
    expect(fidelity.mean).toBeCloseTo(mean, 6);
  }
});
