import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { feedAddressSchema } from '../../../contract/outside/updates.ts';
import { JsonStore } from '../../../main/shell/electron/json-store.ts';
import { findUpdateWay } from '../../../main/shell/electron/updates/find-update-way.ts';
import { readPackageFeed } from '../../../main/shell/electron/updates/read-package-feed.ts';
import { firstUpdateMemory, UpdateMemory, updateMemoryRecord } from '../../../main/shell/electron/updates/update-memory.ts';
import { FOURTH_RECORDS, makeNewer, NEWER } from '../../helpers/frozen-records.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'update-records-'));
  file = join(folder, 'updates.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(notes: string[] = []): UpdateMemory {
  return new UpdateMemory(new JsonStore(file, updateMemoryRecord, firstUpdateMemory, (line) => notes.push(line)));
}

test('a choice of the first version holds, and one of today is found again', () => {
  expect(open().settings).toEqual({ choice: 'ask', feed: null });
  copyFileSync(join(FOURTH_RECORDS, 'desktop/updates.json'), file);
  const memory = open();
  expect([memory.settings, memory.checkedMs]).toEqual([
    { choice: 'automatic', feed: 'https://updates.example/studio' },
    1_764_000_000_000,
  ]);
  memory.keep({ choice: 'off', checkedMs: 7 });
  expect([open().settings.choice, open().checkedMs]).toEqual(['off', 7]);
});

test('a choice of a later version is left as it is, and nothing is looked for by itself', () => {
  copyFileSync(join(FOURTH_RECORDS, 'desktop/updates.json'), file);
  const isUntouched = makeNewer(file, (value) => ({ ...value, schemaVersion: NEWER }));
  const notes: string[] = [];
  const memory = open(notes);
  expect(memory.settings).toEqual({ choice: 'off', feed: null });
  expect(() => memory.keep({ choice: 'ask' })).toThrow(expect.objectContaining({ code: 'record-newer' }) as Error);
  expect({ untouched: isUntouched(), notes }).toEqual({
    untouched: true,
    notes: [expect.stringContaining('written by a newer version of the studio')],
  });
});

test('a damaged choice is put aside and told, and the first one holds', () => {
  writeFileSync(file, '{"choice":"always"}');
  const notes: string[] = [];
  expect(open(notes).settings.choice).toBe('ask');
  expect(notes).toEqual([expect.stringContaining('updates.json could not be read')]);
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^updates\.json\.damaged-/)]);
});

test('the place that a package names is read from what electron-builder wrote', () => {
  const path = join(folder, 'app-update.yml');
  expect(readPackageFeed(path)).toBeNull();
  const written =
    'provider: generic\nurl: https://updates.example/studio/latest\nupdaterCacheDirName: dediffusion-studio-updater\n';
  writeFileSync(path, written);
  expect(readPackageFeed(path)).toBe('https://updates.example/studio/latest');
  writeFileSync(path, written.replace('https://updates.example/studio/latest', "'https://updates.example/#a'"));
  expect(readPackageFeed(path)).toBe('https://updates.example/#a');
  writeFileSync(path, written.replace('https:', 'http:'));
  expect(readPackageFeed(path)).toBeNull();
  expect(readFileSync(path, 'utf8')).toContain('http:');
});

test.each([
  ['https://updates.example/a', true],
  ['http://127.0.0.1:8080', true],
  ['http://localhost:8080/', true],
  ['http://updates.example', false],
  ['http://localhost.example/', false],
  ['http://127.0.0.1.example/', false],
  ['file:///tmp/feed', false],
])('what is run on this machine comes over https, or from it: %s', (address, expected) => {
  expect(feedAddressSchema.safeParse(address).success).toBe(expected);
});

test('how a copy gets newer is seen by where it lies', () => {
  const deb = '/opt/De-Diffusion Studio/dediffusion-studio';
  const facts = { packaged: true, platform: 'linux', environment: {}, executable: deb, isListed: true } as const;
  const mounted = { APPIMAGE: '/home/a/Studio.AppImage', APPDIR: '/tmp/.mount_studioX' };
  const inside = '/tmp/.mount_studioX/dediffusion-studio';
  expect(findUpdateWay({ ...facts, packaged: false })).toBe('source');
  expect(findUpdateWay(facts)).toBe('package');
  expect(findUpdateWay({ ...facts, isListed: false })).toBe('archive');
  expect(findUpdateWay({ ...facts, executable: '/home/a/studio/dediffusion-studio' })).toBe('archive');
  expect(findUpdateWay({ ...facts, environment: mounted, executable: inside })).toBe('itself');
  // Started by another program that is an AppImage.
  expect(findUpdateWay({ ...facts, environment: mounted })).toBe('package');
  expect(findUpdateWay({ ...facts, platform: 'darwin' })).toBe('itself');
  expect(findUpdateWay({ ...facts, platform: 'win32' })).toBe('itself');
  expect(findUpdateWay({ ...facts, platform: 'win32', environment: { PORTABLE_EXECUTABLE_FILE: 'C:\\a.exe' } })).toBe('portable');
});
