import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CrashNotes } from '../../../main/shell/electron/host/crash-notes.ts';
import { DesktopLog } from '../../../main/shell/electron/desktop-log.ts';
import { JsonStore } from '../../../main/shell/electron/json-store.ts';
import { RecentWork, recentWorkSchema } from '../../../main/shell/electron/recent-work.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'desktop-records-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('recent work keeps the newest first, each once, twelve at most, and over a restart', () => {
  const open = () => new RecentWork(new JsonStore(join(folder, 'recent.json'), recentWorkSchema, []), () => (changes += 1));
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
