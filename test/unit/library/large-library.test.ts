import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { libraryQuerySchema } from '../../../contract/library.ts';
import { createId } from '../../../main/storage/create-id.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { makeTemporaryFolder } from './make-temporary-folder.ts';
import { FACTS } from './sample-items.ts';

const COUNT = 10_000;

test('ten thousand items are indexed, counted, searched and paged', { timeout: 300_000 }, async () => {
  const folder = makeTemporaryFolder();
  mkdirSync(join(folder, 'items'));
  for (let i = 0; i < COUNT; i += 1) {
    const createdMs = 1_700_000_000_000 + i;
    const id = createId(createdMs);
    const image = { ...FACTS, sha256: i.toString(16).padStart(64, '0'), bytes: 1000 };
    const item = {
      id,
      createdMs,
      kind: 'picture',
      title: `Number ${i}`,
      starred: i % 100 === 0,
      trashed: false,
      boards: [],
      parents: [],
      image,
    };
    writeFileSync(join(folder, 'items', `${id}.json`), JSON.stringify(item));
  }
  await openLibrary({ folder, clock: Date.now }).close();
  const library = openLibrary({ folder, clock: Date.now });
  onTestFinished(() => library.close());
  const first = library.queryItems(libraryQuerySchema.parse({}));
  expect(first.total).toBe(COUNT);
  expect(first.items[0]?.title).toBe('Number 9999');
  const last = library.queryItems(libraryQuerySchema.parse({ starred: true, limit: 99 }));
  expect(last.total).toBe(100);
  expect(
    library.queryItems(libraryQuerySchema.parse({ starred: true, after: last.next ?? '' })).items.map((item) => item.title),
  ).toEqual(['Number 0']);
  expect(library.queryItems(libraryQuerySchema.parse({ text: 'number 4242' })).items.map((item) => item.title)).toEqual([
    'Number 4242',
  ]);
});
