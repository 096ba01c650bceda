import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openStudio } from '../../../main/studio.ts';
import { readFailure } from '../../contract/read-failure.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { makePack } from '../packs/make-pack.ts';

it('is the one of the settings from their change on, for batches and for likeness as well', async () => {
  const dataFolder = makeTemporaryFolder();
  makePack(join(dataFolder, 'packs'), 'another-pack');
  const studio = await openStudio({ dataFolder, device: 'cpu' });
  onTestFinished(() => studio.close());
  const { client } = studio;
  const packOfNewBatch = async () =>
    (await client.batches.create({ name: 'scenes', settings: { lengths: [5], draw: null } })).settings.packId;
  const before = await packOfNewBatch();
  await client.settings.update({ packId: 'another-pack' });
  expect(await packOfNewBatch()).toBe('another-pack');
  // It has no scorer, which is how it is known.
  const failure = await readFailure(client.library.similar({ like: { type: 'text', text: 'a red fox' } }));
  expect(failure).toMatchObject({ code: 'pack-role-missing', details: { packId: 'another-pack' } });
  await client.settings.update({ packId: null });
  expect(await packOfNewBatch()).toBe(before);
});
