import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { coreSettingsRecord } from '../../../contract/settings.ts';
import { SettingsStore } from '../../../main/services/settings-store.ts';
import { FIFTH_RECORDS, FIRST_RECORDS, readJson, SIXTH_RECORDS } from '../../helpers/frozen-records.ts';

async function open(frozen: string): Promise<{ store: SettingsStore; file: string; repairs: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'settings-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'settings.json');
  await cp(frozen, file);
  const repairs: string[] = [];
  const store = await SettingsStore.open({ file, remember: true, clock: () => 5, onRepair: (line) => repairs.push(line) });
  return { store, file, repairs };
}

it('settings of the first version have a device of this machine, and are written in the form of today', async () => {
  const { store, file, repairs } = await open(join(FIRST_RECORDS, 'library', 'settings.json'));
  expect(repairs).toEqual([]);
  const { device } = store.settings;
  await store.update({ unloadAfterIdleMinutes: 7 });
  expect(readJson(file)).toMatchObject({ schemaVersion: coreSettingsRecord.version, device, unloadAfterIdleMinutes: 7 });
});

it('settings of the second version may name the servers of a connection', async () => {
  const { store, file, repairs } = await open(join(FIFTH_RECORDS, 'settings.json'));
  expect([repairs, readJson(file)['schemaVersion']]).toEqual([[], 2]);
  expect(store.settings).toMatchObject({ device: 'remote:rack', stripSaved: false });
  await expect(store.update({ device: 'remote:' })).rejects.toThrow();
  expect(store.settings.device).toBe('remote:rack');
});

it('settings of the third version say whether saved pictures are stripped', async () => {
  const { store, file, repairs } = await open(join(SIXTH_RECORDS, 'settings.json'));
  expect([repairs, readJson(file)['schemaVersion']]).toEqual([[], coreSettingsRecord.version]);
  expect(store.settings.stripSaved).toBe(true);
});
