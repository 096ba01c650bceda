import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { JsonStore } from '../../../main/shell/electron/json-store.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'json-store-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const schema = z.object({ width: z.number() });
const open = (path = join(folder, 'deep', 'state.json')) => new JsonStore(path, schema, { width: 1 });

test('gives back what was written, and leaves no other file', () => {
  const store = open();
  expect(store.read()).toEqual({ width: 1 });
  store.write({ width: 2 });
  store.write({ width: 3 });
  expect(open().read()).toEqual({ width: 3 });
  expect(readdirSync(join(folder, 'deep'))).toEqual(['state.json']);
});

test.each(['', '{"width":', '{"width":"wide"}', 'null'])('keeps a damaged file aside and says so: %s', (content) => {
  const path = join(folder, 'state.json');
  writeFileSync(path, content);
  const told: string[] = [];
  const store = new JsonStore(path, schema, { width: 1 }, (sentence) => told.push(sentence));
  expect([store.read(), store.read()]).toEqual([{ width: 1 }, { width: 1 }]);
  const [aside = ''] = readdirSync(folder);
  expect(aside).toMatch(/^state\.json\.damaged-\d+$/);
  expect(readFileSync(join(folder, aside), 'utf8')).toBe(content);
  expect(told).toEqual([expect.stringContaining(aside)]);
});

test('takes no half of a file for a value, where any would do', () => {
  const path = join(folder, 'state.json');
  writeFileSync(path, '{"width":');
  expect(new JsonStore(path, z.unknown(), null).read()).toBeNull();
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
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ width: 5 });
});
