import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';

const project = resolve(import.meta.dirname, '../../..');
const table = readFileSync(join(project, 'main/README.md'), 'utf8');
const rows = [...table.matchAll(/^\| +\d+ +\| `([a-z-]+)\/` +\|.*\| `([a-z-]+\.ts)` +\|$/gm)].map(
  ([, room = '', start = '']) => ({
    room,
    start,
  }),
);

it('the rooms of main/README.md are those of the import rules and of the disk, in one order', () => {
  const { forbidden } = z
    .object({ forbidden: z.array(z.object({ name: z.string() })) })
    .parse(createRequire(import.meta.url)(join(project, 'tooling/import-rules/rules.cjs')));
  const ruled = forbidden.flatMap(({ name }) => /^room-order-(.*)$/.exec(name)?.[1] ?? []);
  // The last room has none after it, and so no rule.
  expect(rows.slice(0, -1).map(({ room }) => room)).toEqual(ruled);
  const folders = readdirSync(join(project, 'main'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).toSorted()).toEqual([...rows.map(({ room }) => room), 'shell'].toSorted());
});

it.each(rows)('$room/ starts at a file that is there', ({ room, start }) => {
  expect(existsSync(join(project, 'main', room, start))).toBe(true);
});

it('no room has more files than can be taken in at a glance', () => {
  const full = ['contract', ...rows.map(({ room }) => join('main', room))].filter((room) => {
    const entries = readdirSync(join(project, room), { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).length > 25;
  });
  expect(full).toEqual([]);
});
