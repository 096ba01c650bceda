import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { RecordKind } from '../../../contract/record.ts';
import { JsonStore } from '../../../main/shell/electron/json-store.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'json-store-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const kind: RecordKind<{ width: number }> = {
  name: 'width',
  version: 2,
  schema: z.object({ width: z.number() }),
  steps: [(older) => ({ width: Number((older as { wide: string }).wide) })],
};
const open = (path = join(folder, 'deep', 'state.json'), told: string[] = []) =>
  new JsonStore(path, kind, { width: 1 }, (sentence) => told.push(sentence));

test('gives back what was written, and leaves no other file', () => {
  const store = open();
  expect(store.read()).toEqual({ width: 1 });
  store.write({ width: 2 });
  store.write({ width: 3 });
  expect(open().read()).toEqual({ width: 3 });
  expect(readdirSync(join(folder, 'deep'))).toEqual(['state.json']);
});

test.each(['', '{"width":', '{"schemaVersion":2,"width":"wide"}', 'null'])(
  'keeps a damaged file aside and says so: %s',
  (content) => {
    const path = join(folder, 'state.json');
    writeFileSync(path, content);
    const told: string[] = [];
    const store = open(path, told);
    expect([store.read(), store.read()]).toEqual([{ width: 1 }, { width: 1 }]);
    const [aside = ''] = readdirSync(folder);
    expect(aside).toMatch(/^state\.json\.damaged-\d+$/);
    expect(readFileSync(join(folder, aside), 'utf8')).toBe(content);
    expect(told).toEqual([expect.stringContaining(aside)]);
  },
);

test('a value of an older version is brought to today’s form, and its version is written', () => {
  const path = join(folder, 'state.json');
  writeFileSync(path, '{"wide":"7"}');
  expect(open(path).read()).toEqual({ width: 7 });
  open(path).write({ width: 8 });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ schemaVersion: 2, width: 8 });
});

test('what a later studio wrote is told, left as it is, and never written over', () => {
  const path = join(folder, 'state.json');
  const later = '{"schemaVersion":3,"sides":4}';
  writeFileSync(path, later);
  const told: string[] = [];
  const store = open(path, told);
  expect(store.read()).toEqual({ width: 1 });
  expect(store.newer).toMatchObject({ code: 'record-newer' });
  expect(() => store.write({ width: 2 })).toThrow(expect.objectContaining({ code: 'record-newer' }) as Error);
  expect({ told, files: readdirSync(folder), text: readFileSync(path, 'utf8') }).toEqual({
    told: ['This width was written by a newer version of the studio.'],
    files: ['state.json'],
    text: later,
  });
});

test('a file that cannot be read is not taken for an absent one', () => {
  expect(() => open(folder).read()).toThrow(/EISDIR/);
});

test('a write that fails leaves the older file whole', () => {
  const path = join(folder, 'state.json');
  open(path).write({ width: 5 });
  const circular: { width: number; self?: unknown } = { width: 6 };
  circular.self = circular;
  expect(() => open(path).write(circular)).toThrow(TypeError);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ schemaVersion: 2, width: 5 });
});
