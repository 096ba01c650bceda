import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const folder = resolve(import.meta.dirname, '../../../docs/decisions');

it('every decision record is listed once, in order', async () => {
  const records = (await readdir(folder)).filter((name) => /^\d{4}-.*\.md$/.test(name)).toSorted();
  const list = await readFile(resolve(folder, 'README.md'), 'utf8');
  const listed = [...list.matchAll(/^\| \[\d{4}\]\((?<file>[^)]+)\)/gm)].map((row) => row.groups?.['file']);
  expect(listed).toEqual(records);
});
