import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pngWith } from '../helpers/metadata-files.ts';
import { openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { readFailure } from './read-failure.ts';

let test: TestStudio;
let folder: string;
beforeAll(async () => {
  test = await openInProcess();
  folder = await mkdtemp(join(tmpdir(), 'dediffusion-metadata-'));
});
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true, force: true });
});

const block = 'a <b>fox</b>\nNegative prompt: dog\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 12, Size: 512x512';

it('a picture in the library says how it was made', async () => {
  const item = await test.studio.addImage(await pngWith([['parameters', block]]));
  const { metadata, problems } = await test.client.images.metadata({ sha256: item.image.sha256 });
  expect(metadata).toMatchObject({
    writer: 'a1111',
    prompt: 'a <b>fox</b>',
    negative: 'dog',
    seed: '12',
    scheduler: 'euler-ancestral',
  });
  expect(problems).toEqual([]);
  const silent = await test.studio.addImage(await pngWith([]));
  expect((await test.client.images.metadata({ sha256: silent.image.sha256 })).metadata).toBeNull();
  const failure = await readFailure(test.client.images.metadata({ sha256: 'f'.repeat(64) }));
  expect(failure.code).toBe('not-found');
});

it('a file is given back without it', async () => {
  const file = join(folder, 'fox.png');
  await writeFile(file, await pngWith([['parameters', block]]));
  const { bytes, removed } = await test.studio.stripPicture(file);
  expect(removed).toEqual(['parameters']);
  expect(Buffer.from(bytes).includes('fox')).toBe(false);
  await writeFile(file, 'no picture');
  await expect(test.studio.stripPicture(file)).rejects.toMatchObject({ code: 'image-unreadable' });
});

it('a picture is saved whole, or without what it says, as the settings have it; the library keeps what it has', async () => {
  const whole = await pngWith([['parameters', block]]);
  const { sha256 } = (await test.studio.addImage(whole)).image;
  expect(Buffer.from((await test.studio.readForSaving(sha256)).bytes).equals(whole)).toBe(true);
  await test.client.settings.update({ stripSaved: true });
  const { bytes, mediaType } = await test.studio.readForSaving(sha256);
  expect(mediaType).toBe('image/png');
  expect(Buffer.from(bytes).includes('fox')).toBe(false);
  expect(Buffer.from(await test.studio.readImage(sha256)).equals(whole)).toBe(true);
  await test.client.settings.update({ stripSaved: false });
});
