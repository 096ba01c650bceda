import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pngWith } from '../helpers/metadata-files.ts';
import { makeGrid } from './make-grid.ts';
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

it(
  'what Midjourney drew of a text comes to that text, cut in four, and is no picture of its own any more',
  { timeout: 240_000 },
  async () => {
    const { client, studio } = test;
    const document = await client.prompts.create({ text: 'a red fox in deep snow' });
    const text = await client.prompts.save({ document, title: 'snow' });
    const number = '0f0f0f0f-1111-2222-3333-444444444444';
    const told = await studio.addImage(await makeGrid(`a red fox in deep snow --ar 3:2 --v 6.1 --seed 77 Job ID: ${number}`));
    const taken = await client.library.takeDrawn({ itemId: told.id });
    expect(taken.prompt).toEqual({ itemId: text.id, text: 'a red fox in deep snow', by: 'text' });
    expect(taken.items).toMatchObject(
      [1, 2, 3, 4].map((quarter) => ({
        ...{ kind: 'generation', parents: [text.id], image: { width: 64, height: 64 } },
        recipe: { tool: 'midjourney', model: 'Midjourney 6.1', seed: 77, answer: { quarter, 'Job ID': number } },
      })),
    );
    expect(new Set(taken.items.map((item) => (item.kind === 'generation' ? item.image.sha256 : ''))).size).toBe(4);
    expect(await client.library.get({ itemId: told.id })).toMatchObject({ trashed: true });
    // Done again, it gives the same.
    expect((await client.library.takeDrawn({ itemId: told.id })).items.map(({ id }) => id)).toEqual(
      taken.items.map(({ id }) => id),
    );

    const silent = await makeGrid('');
    const named = await studio.addImage(silent, { title: `ann_a_red_fox_in_deep_sn_${number}.png` });
    const whole = await client.library.takeDrawn({ itemId: named.id, cut: 'whole' });
    expect(whole).toMatchObject({ prompt: { itemId: text.id, by: 'name' }, items: [{ image: { width: 128, height: 128 } }] });
    const unknown = await studio.addImage(await makeGrid('nothing of that'), { title: 'something.png' });
    const refused = await readFailure(client.library.takeDrawn({ itemId: unknown.id }));
    expect(refused).toMatchObject({ code: 'not-found', message: 'No text of the library fits something.png.' });
    expect(await client.library.takeDrawn({ itemId: unknown.id, promptItemId: text.id })).toMatchObject({
      prompt: { by: 'person' },
    });
  },
);
