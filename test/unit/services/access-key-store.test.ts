import { createHash } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { accessKeyListRecord } from '../../../contract/access-key.ts';
import { AccessKeyStore } from '../../../main/services/access-key-store.ts';
import { FIRST_RECORDS, NEWER, makeNewer, readJson } from '../../helpers/frozen-records.ts';

const request = { name: 'Krita', scope: 'draw', origins: [], expiresMs: null } as const;

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'access-keys-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
const open = (file: string, clock: () => number = () => 1_000, repairs: string[] = []) =>
  AccessKeyStore.open({ file, remember: true, onRepair: (sentence) => repairs.push(sentence), clock });

/** A copy of the frozen list to work on. */
async function copyFrozen(): Promise<string> {
  const file = join(await makeFolder(), 'access-keys.json');
  copyFileSync(join(FIRST_RECORDS, 'access-keys.json'), file);
  return file;
}

describe('an access key', () => {
  it('is told once, and stored as the hash of 256 random bits', async () => {
    const file = join(await makeFolder(), 'access-keys.json');
    const store = await open(file);
    const { key, secret } = await store.create({ ...request, origins: [] });
    expect(Buffer.from(secret.replace('dediffusion_', ''), 'base64url')).toHaveLength(32);
    expect((await store.create({ ...request, origins: [] })).secret).not.toBe(secret);
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain(secret.slice('dediffusion_'.length));
    expect(text).toContain(createHash('sha256').update(secret).digest('hex'));
    expect(store.list()[0]).toEqual(key);
    expect(JSON.stringify(store.list())).not.toContain('sha256');
    expect((await open(file)).find(secret)).toEqual(key);
    for (const wrong of ['', secret.slice(0, -1), `${secret}a`, secret.toUpperCase()]) expect(store.find(wrong)).toBeNull();
  });

  it('no longer holds once it is revoked, also after another start', async () => {
    const file = join(await makeFolder(), 'access-keys.json');
    const store = await open(file);
    const { key, secret } = await store.create({ ...request, origins: ['https://pages.example'] });
    const gone = vi.fn();
    const stopped = vi.fn();
    store.whenGone(key, gone);
    store.whenGone(key, stopped)();
    expect(store.allowsOrigin('https://pages.example')).toBe(true);
    await store.revoke(key.id);
    expect(gone).toHaveBeenCalledOnce();
    expect(stopped).not.toHaveBeenCalled();
    expect(store.find(secret)).toBeNull();
    expect(store.allowsOrigin('https://pages.example')).toBe(false);
    expect((await open(file)).find(secret)).toBeNull();
    await expect(store.revoke(key.id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('no longer holds from the moment it expires, and stays in the list', async () => {
    let now = 1_000;
    const store = await open(join(await makeFolder(), 'access-keys.json'), () => now);
    const origins = ['https://pages.example'];
    const { key, secret } = await store.create({ ...request, origins, expiresMs: 2_000 });
    now = 1_999;
    expect(store.find(secret)).toEqual(key);
    const gone = new Promise<void>((resolve) => {
      store.whenGone(key, resolve);
    });
    await gone;
    now = 2_000;
    expect(store.find(secret)).toBeNull();
    expect(store.allowsOrigin('https://pages.example')).toBe(false);
    expect(store.list()).toEqual([key]);
  });
});

describe('the list of access keys', () => {
  it('of the first version holds as it did', async () => {
    const file = await copyFrozen();
    const repairs: string[] = [];
    const store = await open(file, () => 1_000, repairs);
    expect(repairs).toEqual([]);
    expect(readJson(file)['schemaVersion']).toBe(accessKeyListRecord.version);
    expect(store.find('dediffusion_HjQVYrFfl_2S4VjhayX0JJ-O1HxssPfwmFXL0XJwj9s')).toMatchObject({
      name: 'Krita',
      scope: 'draw',
      origins: [],
      expiresMs: null,
    });
    expect(store.list()).toMatchObject([{}, { name: 'A page', scope: 'read', origins: ['https://pages.example'] }]);
    expect(store.list()[1]?.expiresMs).toBeGreaterThan(0);
  });

  it('of a later studio opens nothing and is left as it is', async () => {
    const file = await copyFrozen();
    const isUntouched = makeNewer(file, (value) => ({ ...value, schemaVersion: NEWER }));
    const repairs: string[] = [];
    const store = await open(file, () => 1_000, repairs);
    expect(store.find('dediffusion_HjQVYrFfl_2S4VjhayX0JJ-O1HxssPfwmFXL0XJwj9s')).toBeNull();
    expect(repairs.join(' ')).toContain('newer version');
    await expect(store.create({ ...request, origins: [] })).rejects.toMatchObject({ code: 'record-newer' });
    expect(isUntouched()).toBe(true);
  });
});
