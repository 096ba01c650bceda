import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { readImageFacts } from '../../../main/image/decode/read-image-facts.ts';
import type { Library } from '../../../main/library/library.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { makeTemporaryFolder } from './make-temporary-folder.ts';
import { sampleGeneration, samplePicture, samplePrompt, sampleRecipe } from './sample-items.ts';

function open(folder: string): Library {
  const library = openLibrary({ folder, clock: Date.now });
  onTestFinished(() => library.close());
  return library;
}

const imageFile = (folder: string, sha256: string) => join(folder, 'images', sha256.slice(0, 2), sha256);
const itemFile = (folder: string, id: string) => join(folder, 'items', `${id}.json`);

test('an item goes for good from the trash alone', async () => {
  const folder = makeTemporaryFolder();
  const library = open(folder);
  const fox = await library.addPicture(samplePicture('fox'));
  await expect(library.deleteItems([fox.id])).rejects.toMatchObject({ code: 'bad-request' });
  expect(library.getItem(fox.id)).toEqual(fox);
  await library.updateItem(fox.id, { trashed: true });
  const told: string[] = [];
  library.subscribe((changed) => told.push(...changed));
  expect(await library.deleteItems([fox.id, 'long-gone'])).toEqual([fox.id]);
  expect(told).toEqual([fox.id]);
  expect(() => library.getItem(fox.id)).toThrow(expect.objectContaining({ code: 'not-found' }) as Error);
  expect(existsSync(itemFile(folder, fox.id))).toBe(false);
  expect(existsSync(imageFile(folder, fox.image.sha256))).toBe(false);
  expect(existsSync(join(folder, 'removing.json'))).toBe(false);
  await library.close();
  const again = open(folder);
  expect(again.problems).toEqual([]);
  expect(again.countItems()).toBe(0);
});

test('bytes stay while another item shows them or starts from them', async () => {
  const folder = makeTemporaryFolder();
  const library = open(folder);
  const bytes = Buffer.from('the same bytes');
  const picture = await library.addPicture(samplePicture('fox', bytes));
  const same = await library.addGeneration({ ...sampleGeneration('fox'), bytes });
  const init = { imageSha256: picture.image.sha256, strength: 0.5 };
  const drawnFrom = await library.addGeneration({ ...sampleGeneration('vixen'), recipe: { ...sampleRecipe('vixen'), init } });
  const file = imageFile(folder, picture.image.sha256);
  const destroy = async (id: string) => {
    await library.updateItem(id, { trashed: true });
    await library.deleteItems([id]);
  };
  await destroy(picture.id);
  expect(existsSync(file)).toBe(true);
  await destroy(same.id);
  expect(existsSync(file)).toBe(true);
  expect(existsSync(imageFile(folder, drawnFrom.image.sha256))).toBe(true);
  await destroy(drawnFrom.id);
  expect(existsSync(file)).toBe(false);
});

test('emptying the trash leaves everything else', async () => {
  const folder = makeTemporaryFolder();
  const library = open(folder);
  const kept = await library.addPicture(samplePicture('kept'));
  const ids: string[] = [];
  for (let i = 0; i < 70; i += 1) ids.push((await library.addPrompt(samplePrompt(`text ${i}`))).id);
  await library.updateItems({ itemIds: ids, change: { trashed: true } });
  expect((await library.emptyTrash()).sort()).toEqual([...ids].sort());
  expect(await library.emptyTrash()).toEqual([]);
  expect(library.overview()).toMatchObject({ items: 1, trashed: 0 });
  expect(readdirSync(join(folder, 'items'))).toEqual([`${kept.id}.json`]);
});

test('a host that died after the items went removes their bytes at the next start', async () => {
  const folder = makeTemporaryFolder();
  const library = openLibrary({ folder, clock: Date.now });
  const gone = await library.addPicture(samplePicture('gone'));
  const kept = await library.addPicture(samplePicture('kept'));
  await library.updateItem(gone.id, { trashed: true });
  const bytes = await library.readImage(gone.image.sha256);
  await library.deleteItems([gone.id]);
  await library.close();
  // As such a host leaves it: the note is written, the item is gone, the bytes are not.
  writeFileSync(imageFile(folder, gone.image.sha256), bytes);
  writeFileSync(join(folder, 'removing.json'), JSON.stringify({ images: [gone.image.sha256, kept.image.sha256] }));
  const again = openLibrary({ folder, clock: Date.now });
  await again.close();
  expect(existsSync(imageFile(folder, gone.image.sha256))).toBe(false);
  expect(existsSync(imageFile(folder, kept.image.sha256))).toBe(true);
  expect(existsSync(join(folder, 'removing.json'))).toBe(false);
});

test('a host that died before the items went finds them in the trash again', async () => {
  const folder = makeTemporaryFolder();
  const library = openLibrary({ folder, clock: Date.now });
  const fox = await library.addPicture(samplePicture('fox'));
  const trashed = await library.updateItem(fox.id, { trashed: true });
  await library.close();
  writeFileSync(join(folder, 'removing.json'), JSON.stringify({ images: [fox.image.sha256] }));
  const again = openLibrary({ folder, clock: Date.now });
  expect(again.getItem(fox.id)).toEqual(trashed);
  await again.close();
  expect(existsSync(imageFile(folder, fox.image.sha256))).toBe(true);
});

test('a note that cannot be read removes nothing', async () => {
  const folder = makeTemporaryFolder();
  const library = openLibrary({ folder, clock: Date.now });
  const fox = await library.addPicture(samplePicture('fox'));
  await library.close();
  writeFileSync(join(folder, 'removing.json'), '{"images":["../../items"]}');
  const again = openLibrary({ folder, clock: Date.now });
  await again.close();
  expect(existsSync(imageFile(folder, fox.image.sha256))).toBe(true);
  expect(existsSync(join(folder, 'removing.json'))).toBe(false);
});

test('a large picture has a small copy, made once and removed with it; a small one is its own', async () => {
  const folder = makeTemporaryFolder();
  const library = open(folder);
  const make = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: { r: 200, g: 80, b: 40 } } })
      .jpeg()
      .toBuffer();
  const add = async (bytes: Buffer) => library.addPicture({ bytes, facts: await readImageFacts(bytes), title: 'red' });
  const large = await add(await make(1600, 800));
  const [found, twin] = await Promise.all([
    library.findView(large.image.sha256, 'thumbnail'),
    library.findView(large.image.sha256, 'thumbnail'),
  ]);
  expect(found).toEqual(twin);
  expect(found.mediaType).toBe('image/webp');
  expect(await sharp(found.path).metadata()).toMatchObject({ format: 'webp', width: 384, height: 192 });
  expect(await library.findView(large.image.sha256, 'thumbnail')).toEqual(found);
  const small = await add(await make(64, 64));
  expect(await library.findView(small.image.sha256, 'thumbnail')).toMatchObject({
    path: library.getImagePath(small.image.sha256),
  });
  await library.updateItem(large.id, { trashed: true });
  await library.emptyTrash();
  expect(existsSync(found.path)).toBe(false);
  await expect(library.findView(large.image.sha256, 'thumbnail')).rejects.toMatchObject({ code: 'not-found' });
});

test('the bytes of a mask stay while a picture was drawn with it', async () => {
  const folder = makeTemporaryFolder();
  const library = open(folder);
  const [picture, mask] = [await library.addPicture(samplePicture('fox')), await library.addPicture(samplePicture('mask'))];
  const init = { imageSha256: picture.image.sha256, strength: 1, maskSha256: mask.image.sha256 };
  const drawn = await library.addGeneration({ ...sampleGeneration('vixen'), recipe: { ...sampleRecipe('vixen'), init } });
  const destroy = async (id: string) => {
    await library.updateItem(id, { trashed: true });
    await library.deleteItems([id]);
  };
  await destroy(mask.id);
  expect(existsSync(imageFile(folder, mask.image.sha256))).toBe(true);
  await destroy(drawn.id);
  expect(existsSync(imageFile(folder, mask.image.sha256))).toBe(false);
  expect(existsSync(imageFile(folder, picture.image.sha256))).toBe(true);
});
