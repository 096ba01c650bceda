import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareReadersOutputSchema } from '../../../main/shell/cli/commands/compare-readers.ts';
import { encodeOutputSchema } from '../../../main/shell/cli/commands/encode.ts';
import { addTinyCaptioner } from '../../helpers/add-tiny-captioner.ts';
import { failureOutputSchema } from './failure-output.ts';
import { runCli, runJson } from './run-cli.ts';

const samples = join(import.meta.dirname, '../../../models/packs/tiny-scenes/samples');
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-caption-'));
  addTinyCaptioner(home);
  await copyFile(join(samples, '1-pig.png'), join(home, 'pig.png'));
  await copyFile(join(samples, '2-clock.png'), join(home, 'clock.png'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('reads pictures by a model that writes captions, one after the other', async () => {
  const args = ['encode', 'pig.png', 'clock.png', '--reader', 'caption', '--with', 'teller', '--length', '4'];
  const { images, errors } = await runJson(args, { home }, encodeOutputSchema);
  expect(errors).toEqual([]);
  expect(images.map(({ image, method }) => [image, method])).toEqual([
    ['pig.png', 'caption'],
    ['clock.png', 'caption'],
  ]);
  for (const { text, tokens } of images) {
    expect(text).not.toBe('');
    expect(tokens.length).toBeLessThanOrEqual(4);
  }
});

it('lays its captions beside other readings', async () => {
  const args = ['compare-readers', 'pig.png', '--readers', 'caption@teller:4', '--steps', '1', '--out', 'beside'];
  const { images, errors } = await runJson(args, { home }, compareReadersOutputSchema);
  expect(errors).toEqual([]);
  expect(images[0]).toMatchObject({ reader: 'caption@teller:4', guide: null });
  expect(images[0]?.similarity).not.toBeNull();
});

it('says who is missing', async () => {
  const unnamed = await runCli(['encode', 'pig.png', '--reader', 'caption'], { home });
  expect([unnamed.code, unnamed.stderr]).toEqual([2, expect.stringContaining('name the model or the connection')]);
  const args = ['encode', 'pig.png', '--reader', 'caption', '--with', 'nobody'];
  const { error } = await runJson(args, { home }, failureOutputSchema, 1);
  expect(error.code).toBe('not-found');
});
