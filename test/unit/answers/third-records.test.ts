import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobResultRecord } from '../../../contract/job-records.ts';
import { readRecord } from '../../../contract/record.ts';
import type { Library } from '../../../main/library/library.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { copyFrozenLibrary, listItemFiles, readJson, THIRD_RECORDS } from '../../helpers/frozen-records.ts';

describe('items and boards of version 2', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dediffusion-records-'));
  let library: Library;

  beforeAll(() => {
    cpSync(join(THIRD_RECORDS, 'library'), folder, { recursive: true });
    library = openLibrary({ folder, clock: Date.now });
  });
  afterAll(async () => {
    await library.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('open as they are', () => {
    const files = ['picture', 'prompt', 'generation'].flatMap((kind) => listItemFiles(folder, kind)).map(readJson);
    expect(files).toHaveLength(3);
    for (const file of files) {
      const item = library.getListed(String(file['id']));
      expect(item).toMatchObject({ title: file['title'], named: file['named'], boards: file['boards'] });
    }
    expect(files.map(({ named }) => named)).toEqual([true, false, false]);
  });

  it('know which board a batch has', () => {
    expect(library.overview().boards.map(({ name, ofBatch, items }) => [name, ofBatch, items])).toEqual([
      ['Foxes & hills', false, 1],
      ['Two scenes', true, 3],
    ]);
  });
});

it('a result of version 2 is read as it is', () => {
  const stored: unknown = JSON.parse(readFileSync(join(THIRD_RECORDS, 'result.json'), 'utf8'));
  expect(readRecord(jobResultRecord, stored)).toMatchObject({ kind: 'generate', items: [{ kind: 'generation', named: false }] });
});

it('a drawing that a person had named in version 1 keeps its name', async () => {
  const { folder, remove } = copyFrozenLibrary();
  const [path = ''] = listItemFiles(folder, 'generation');
  const { id, ...rest } = readJson(path);
  writeFileSync(path, JSON.stringify({ id, ...rest, title: 'My best one' }));
  const library = openLibrary({ folder, clock: Date.now });
  expect(library.getItem(String(id))).toMatchObject({ title: 'My best one', named: true });
  await library.close();
  remove();
});
