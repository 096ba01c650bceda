import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readingOf } from '../../../contract/texts/prompt.ts';
import { alternativesAt, attentionAt } from '../../../contract/texts/reading.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { RemovalRecord } from '../../../main/library/removal-record.ts';
import { listItemFiles, readJson, SECOND_RECORDS } from '../../helpers/frozen-records.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';

test('texts of version 2 open as they are, with what was read in their pictures', async () => {
  const folder = makeTemporaryFolder();
  cpSync(join(SECOND_RECORDS, 'library'), folder, { recursive: true });
  const library = openLibrary({ folder, clock: Date.now });
  expect(library.problems.join()).toContain('made again from the stored items (3)');
  expect(library.problems).toHaveLength(1);
  const files = listItemFiles(folder, 'prompt').map(readJson);
  expect(files).toHaveLength(3);
  for (const { schemaVersion, ...file } of files) {
    expect(schemaVersion).toBe(1);
    const item = library.getItem(String(file['id']));
    expect(item).toEqual({ ...file, named: false });
    if (item.kind !== 'prompt') throw new Error('a text that is none');
    for (const slot of item.prompt.slots) {
      const place = readingOf(item.prompt, slot);
      const reading = await library.readings.read(place?.sha256 ?? '');
      expect(alternativesAt(reading, place?.position ?? -1)[0]?.tokenId).toBe(slot.tokenId);
      expect(attentionAt(reading, place?.position ?? -1)).toHaveLength(64);
    }
  }
  await library.close();
  expect(readdirSync(join(folder, 'readings'))).toHaveLength(3);
});

test('a note of removals of version 2 is read', () => {
  const fail = (path: string): never => {
    throw new Error(`${path} is not damaged`);
  };
  const removals = new RemovalRecord(join(SECOND_RECORDS, 'library-removing.json'), fail).read();
  expect(removals).toMatchObject({ images: { length: 1 }, readings: { length: 1 } });
});
