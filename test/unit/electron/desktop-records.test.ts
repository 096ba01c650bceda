import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordKind } from '../../../contract/record.ts';
import { CrashNotes } from '../../../main/shell/electron/host/crash-notes.ts';
import { DesktopLog } from '../../../main/shell/electron/desktop-log.ts';
import { JsonStore } from '../../../main/shell/electron/json-store.ts';
import { RecentWork, recentWorkRecord } from '../../../main/shell/electron/recent-work.ts';
import { firstWindowState, windowStateRecord } from '../../../main/shell/electron/window/window-state.ts';
import { FIRST_RECORDS, makeNewer, NEWER, readJson } from '../../helpers/frozen-records.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'desktop-records-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Whatever is told fails the test. */
function openStore<Value extends object>(name: string, kind: RecordKind<Value>, first: Value): JsonStore<Value> {
  return new JsonStore(join(folder, name), kind, first, (line) => expect.fail(line));
}

const openRecentWork = (onChange: () => void = () => undefined): RecentWork =>
  new RecentWork(openStore('recent-work.json', recentWorkRecord, { works: [] }), onChange);

test('recent work and the place of the window are found as they were stored before they carried versions', () => {
  for (const name of ['recent-work.json', 'window-state.json']) {
    copyFileSync(join(FIRST_RECORDS, 'desktop', name), join(folder, name));
  }
  const work = openRecentWork();
  expect(work.entries).toEqual([
    { itemId: '01KB0A6Z8M6X4V5Q2W3E4R5T6Y', title: 'A red fox' },
    { itemId: '01KB0A7A1B2C3D4E5F6G7H8J9K', title: 'Two robots' },
  ]);
  const [first] = work.entries;
  work.clear();
  if (first !== undefined) work.note(first);
  expect(readJson(join(folder, 'recent-work.json'))).toEqual({ schemaVersion: 1, works: [first] });

  const place = openStore('window-state.json', windowStateRecord, firstWindowState);
  const state = place.read();
  expect(state).toEqual({ bounds: { x: 20, y: 40, width: 1280, height: 800 }, maximised: true, fullScreen: false });
  place.write(state);
  expect(readJson(join(folder, 'window-state.json'))).toEqual({ schemaVersion: 1, ...state });
});

test('recent work of a later studio is left as it is', () => {
  const file = join(folder, 'recent-work.json');
  writeFileSync(file, '{"works":[]}');
  const isUntouched = makeNewer(file, (value) => ({ ...value, schemaVersion: NEWER }));
  const work = new RecentWork(new JsonStore(file, recentWorkRecord, { works: [] }, () => undefined), () => undefined);
  work.note({ itemId: 'i', title: 'of today' });
  expect(work.entries).toHaveLength(1);
  expect(isUntouched()).toBe(true);
});

test('recent work keeps the newest first, each once, twelve at most, and over a restart', () => {
  const open = () => openRecentWork(() => (changes += 1));
  let changes = 0;
  const work = open();
  for (let number = 0; number < 20; number += 1) work.note({ itemId: `i${number}`, title: `${number}` });
  work.note({ itemId: 'i15', title: 'renamed' });
  work.note({ itemId: 'i15', title: 'renamed' });
  expect(changes).toBe(21);
  expect(open().entries.map(({ itemId }) => itemId)).toEqual([
    'i15',
    'i19',
    'i18',
    'i17',
    'i16',
    'i14',
    'i13',
    'i12',
    'i11',
    'i10',
    'i9',
    'i8',
  ]);
  expect(open().entries[0]?.title).toBe('renamed');
  work.clear();
  expect(open().entries).toEqual([]);
});

test('crash notes say what ended and with what words; old ones go', () => {
  let at = 0;
  const notes = new CrashNotes(join(folder, 'crashes'), { studio: '1.0.0' }, () => new Date((at += 1_000)));
  for (let number = 0; number < 25; number += 1)
    notes.keep({ process: 'host', reason: 'SIGSEGV', exitCode: null, lastOutput: `${number}` });
  writeFileSync(join(folder, 'crashes', 'dump.dmp'), '');
  const names = readdirSync(join(folder, 'crashes')).filter((name) => name.endsWith('.json'));
  expect(names).toHaveLength(20);
  const newest = names.sort().at(-1) ?? '';
  expect(JSON.parse(readFileSync(join(folder, 'crashes', newest), 'utf8'))).toMatchObject({
    process: 'host',
    reason: 'SIGSEGV',
    lastOutput: '24',
    versions: { studio: '1.0.0' },
  });
});

test('the log is lines of JSON, and a long one is put aside once', () => {
  const path = join(folder, 'logs', 'desktop.log');
  new DesktopLog(path).note('core', { state: 'ready' });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ message: 'core', state: 'ready' });
  writeFileSync(path, 'x'.repeat(2_000_001));
  new DesktopLog(path).note('again');
  expect(readdirSync(join(folder, 'logs')).sort()).toEqual(['desktop.log', 'desktop.log.1']);
  expect(readFileSync(path, 'utf8').length).toBeLessThan(200);
});
