import Database from 'better-sqlite3';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LibrarySimilar, SimilarTo } from '../../../contract/library.ts';
import { openStudio } from '../../../main/studio.ts';
import type { Studio } from '../../../main/studio.ts';

let dataFolder: string;
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'dediffusion-similar-'));
});
afterEach(() => rm(dataFolder, { recursive: true, force: true }));

const makePicture = (background: string) =>
  sharp({ create: { width: 48, height: 48, channels: 3, background } })
    .png()
    .toBuffer();

async function find(studio: Studio, like: SimilarTo): Promise<LibrarySimilar> {
  for (;;) {
    const answer = await studio.client.library.similar({ like });
    if (answer.seen === answer.total) return answer;
  }
}

/** Works with the stored vectors while no studio has them. */
function withVectors<T>(work: (database: Database.Database) => T): T {
  const database = new Database(join(dataFolder, 'vectors.sqlite'));
  try {
    return work(database);
  } finally {
    database.close();
  }
}

test('vectors are kept, used after a restart, made again when gone, and forgotten with their picture', async () => {
  const first = await openStudio({ dataFolder, device: 'cpu' });
  const red = await first.addImage(await makePicture('#c03020'), { title: 'red' });
  const blue = await first.addImage(await makePicture('#2040c0'), { title: 'blue' });
  const before = await find(first, { type: 'item', itemId: red.id });
  expect(before.rows.map(({ id }) => id)).toEqual([blue.id]);
  await first.close();

  // One stored vector becomes that of the other picture: a studio that used it would call them the same.
  const changed = withVectors((database) =>
    database
      .prepare('UPDATE vectors SET vector = (SELECT vector FROM vectors WHERE sha256 = ?) WHERE sha256 = ?')
      .run(red.image.sha256, blue.image.sha256),
  );
  expect(changed.changes).toBe(1);
  const second = await openStudio({ dataFolder, device: 'cpu' });
  const used = await find(second, { type: 'item', itemId: red.id });
  expect(used.rows[0]?.score).toBeCloseTo(1, 5);
  await second.close();

  withVectors((database) => database.prepare('DELETE FROM vectors WHERE sha256 = ?').run(blue.image.sha256));
  const third = await openStudio({ dataFolder, device: 'cpu' });
  expect(await find(third, { type: 'item', itemId: red.id })).toEqual(before);
  await third.client.library.updateMany({ itemIds: [blue.id], change: { trashed: true } });
  await third.client.library.emptyTrash();
  await third.close();

  const fourth = await openStudio({ dataFolder, device: 'cpu' });
  expect((await find(fourth, { type: 'item', itemId: red.id })).rows).toEqual([]);
  await fourth.close();
  expect(withVectors((database) => database.prepare('SELECT sha256 FROM vectors').pluck().all())).toEqual([red.image.sha256]);
});

test('a picture that can no longer be read is passed over, and the others are compared', async () => {
  const studio = await openStudio({ dataFolder, device: 'cpu' });
  try {
    const red = await studio.addImage(await makePicture('#c03020'));
    const green = await studio.addImage(await makePicture('#30a040'));
    const lost = await studio.addImage(await makePicture('#2040c0'));
    await rm(join(dataFolder, 'images', lost.image.sha256.slice(0, 2), lost.image.sha256));
    const answer = await find(studio, { type: 'item', itemId: red.id });
    expect(answer).toMatchObject({ seen: 3, total: 3 });
    expect(answer.rows.map(({ id }) => id)).toEqual([green.id]);
    await expect(find(studio, { type: 'item', itemId: lost.id })).rejects.toMatchObject({ data: { code: 'image-unreadable' } });
  } finally {
    await studio.close();
  }
});

test('drawings are laid beside their originals by pairs, and as sets', async () => {
  const studio = await openStudio({ dataFolder, device: 'cpu' });
  try {
    const sha256s: string[] = [];
    for (const colour of ['#c03020', '#30a040', '#2040c0', '#d0c020'])
      sha256s.push((await studio.addImage(await makePicture(colour))).image.sha256);
    const compare = (drawn: readonly string[]) =>
      studio.client.evaluation.pictures({ pairs: drawn.map((one, at) => ({ original: sha256s[at] ?? '', drawn: one })) });
    const same = await compare(sha256s);
    expect(same).toMatchObject({ originals: 4, drawn: 4 });
    expect(same.similarity).toBeCloseTo(1, 5);
    expect(same.frechet).toBeCloseTo(0, 6);
    expect(same.pixelError).toBe(0);
    // The same set in another order is as near as a set, and not by pairs.
    const mixed = await compare([...sha256s].reverse());
    expect(mixed.similarity).toBeLessThan(0.999);
    // Red beside yellow, and green beside blue, both ways: (16 + 144 + 0 and 16 + 96 + 128) of 3 × 255.
    expect(mixed.pixelError).toBeCloseTo((160 + 240) / 2 / 765, 1);
    expect(mixed.frechet).toBeCloseTo(0, 6);
    const [first = '', second = ''] = sha256s;
    const poor = await compare([first, second, first, second]);
    expect(poor.drawn).toBe(2);
    expect(poor.frechet).toBeGreaterThan(0.001);
    expect((await compare([first])).frechet).toBeNull();
  } finally {
    await studio.close();
  }
});
