import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { choosePack } from '../../../main/shell/cli/input/choose-pack.ts';
import { openStudio } from '../../../main/studio.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { makePack } from '../packs/make-pack.ts';

const embedded = fileURLToPath(new URL('../../../models/packs/tiny-scenes', import.meta.url));

it('where no model is named, the one in use is taken, if it can do what is asked', async () => {
  const dataFolder = makeTemporaryFolder();
  const copy = join(dataFolder, 'packs', 'mine');
  cpSync(embedded, copy, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(copy, 'pack.json'), 'utf8')) as object;
  writeFileSync(join(copy, 'pack.json'), JSON.stringify({ ...manifest, id: 'mine' }));
  makePack(join(dataFolder, 'packs'), 'without-scorer');
  const studio = await openStudio({ dataFolder, device: 'cpu' });
  onTestFinished(() => studio.close());
  const { client } = studio;
  const chosen = async (packId?: string) => (await choosePack(client, packId, ['scorer'])).id;
  expect(await chosen()).toBe('tiny-scenes');
  await client.settings.update({ packId: 'mine' });
  expect(await chosen()).toBe('mine');
  expect(await chosen('tiny-scenes')).toBe('tiny-scenes');
  await client.settings.update({ packId: 'without-scorer' });
  expect(await chosen()).toBe('tiny-scenes');
});
