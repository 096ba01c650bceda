import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStudio } from '../../../main/studio.ts';
import { makePicture } from '../../contract/make-picture.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dediffusion-two-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('refuses a library that another studio has, and says what to do', async () => {
  const first = await openStudio({ dataFolder: folder });
  const second = await openStudio({ dataFolder: folder }).catch((error: unknown) => error);
  expect(second).toMatchObject({ code: 'library-in-use' });
  expect(second).toHaveProperty('hint', expect.stringMatching(/\S/));
  await expect(first.client.studio.info()).resolves.toMatchObject({ libraryItems: 0 });

  await first.close();
  const third = await openStudio({ dataFolder: folder });
  await third.close();
});

it('lets another studio look on', async () => {
  const owner = await openStudio({ dataFolder: folder });
  const item = await owner.addImage(await makePicture(16, { r: 1, g: 2, b: 3 }), { title: 'seen by both' });
  const viewer = await openStudio({ dataFolder: folder, readOnly: true });
  expect(await viewer.client.library.get({ itemId: item.id })).toEqual(item);
  await expect(viewer.addImage(await makePicture(16, { r: 9, g: 9, b: 9 }))).rejects.toMatchObject({ name: 'StudioError' });
  await viewer.close();
  await owner.close();
});

it('leaves nothing behind when it was only for a moment', async () => {
  const before = await readdir(tmpdir());
  const studio = await openStudio({ ephemeral: true });
  await studio.addImage(await makePicture(16, { r: 1, g: 2, b: 3 }));
  expect(await readdir(studio.dataFolder)).toContain('images');
  await studio.close();
  const after = await readdir(tmpdir());
  expect(after).not.toContain(studio.dataFolder.split('/').at(-1));
  expect(before).not.toContain(studio.dataFolder.split('/').at(-1));
});
