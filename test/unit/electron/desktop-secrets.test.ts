import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DesktopSecrets, firstSecrets, secretsRecord } from '../../../main/shell/electron/desktop-secrets.ts';
import type { Encryption } from '../../../main/shell/electron/desktop-secrets.ts';
import { JsonStore } from '../../../main/shell/electron/json-store.ts';
import { FIRST_RECORDS, makeNewer, NEWER } from '../../helpers/frozen-records.ts';

/** A keychain of this machine as Electron shows one: what it locks, it alone opens. */
function makeKeychain(more: Partial<Encryption> = {}): Encryption {
  const key = randomBytes(32);
  return {
    isEncryptionAvailable: () => true,
    encryptString: (text) => {
      const start = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, start);
      const locked = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([start, cipher.getAuthTag(), locked]);
    },
    decryptString: (blob) => {
      const cipher = createDecipheriv('aes-256-gcm', key, blob.subarray(0, 12)).setAuthTag(blob.subarray(12, 28));
      return Buffer.concat([cipher.update(blob.subarray(28)), cipher.final()]).toString('utf8');
    },
    ...more,
  };
}

function open(encryption = makeKeychain()) {
  const folder = mkdtempSync(join(tmpdir(), 'desktop-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'secrets.json');
  const told: Readonly<Record<string, string>>[] = [];
  const notes: string[] = [];
  const openWith = (keychain: Encryption) =>
    new DesktopSecrets({
      encryption: keychain,
      store: new JsonStore(file, secretsRecord, firstSecrets, (line) => notes.push(line)),
      onChange: (values) => told.push(values),
      note: (line) => notes.push(line),
    });
  return { secrets: openWith(encryption), openWith, file, told, notes };
}

const openai = { name: 'openai', value: 'sk-hush-hush', acceptsWeak: false };

test('a key lies in the file as a blob alone, is told to the core, and is found at the next start', () => {
  const keychain = makeKeychain();
  const { secrets, openWith, file, told } = open(keychain);
  expect([secrets.state, secrets.read()]).toEqual(['safe', {}]);
  secrets.set(openai);
  secrets.set({ ...openai, name: 'comfy', value: 'other' });
  expect(told.at(-1)).toEqual({ openai: 'sk-hush-hush', comfy: 'other' });
  const written = readFileSync(file, 'utf8');
  expect(written).not.toContain('hush');
  expect(written).not.toContain(Buffer.from('sk-hush-hush').toString('base64'));
  expect(openWith(keychain).read()).toEqual({ openai: 'sk-hush-hush', comfy: 'other' });
  secrets.forget('openai');
  expect(told.at(-1)).toEqual({ comfy: 'other' });
});

test('keys of the first version are opened by the keychain that locked them', () => {
  const backwards = (text: string): string => Array.from(text).reverse().join('');
  const { secrets, file } = open(makeKeychain({ decryptString: (blob) => backwards(blob.toString()) }));
  copyFileSync(join(FIRST_RECORDS, 'desktop/secrets.json'), file);
  expect(secrets.read()).toEqual({ openai: 'a key', 'my-tool': 'another' });
});

test('without a keychain nothing is kept; with one that everybody opens, only when the person accepts that', () => {
  const none = open(makeKeychain({ isEncryptionAvailable: () => false }));
  expect(none.secrets.state).toBe('none');
  expect(() => none.secrets.set({ ...openai, acceptsWeak: true })).toThrow(
    expect.objectContaining({ code: 'secret-unsafe' }) as Error,
  );
  const weak = open(makeKeychain({ getSelectedStorageBackend: () => 'basic_text' }));
  expect(weak.secrets.state).toBe('weak');
  expect(() => weak.secrets.set(openai)).toThrow(expect.objectContaining({ code: 'secret-unsafe' }) as Error);
  expect(weak.secrets.read()).toEqual({});
  weak.secrets.set({ ...openai, acceptsWeak: true });
  expect(weak.secrets.read()).toEqual({ openai: 'sk-hush-hush' });
});

test('keys of another keychain stay shut and stay; a list of a later studio is left as it is', () => {
  const { secrets, openWith, file, notes } = open();
  secrets.set(openai);
  const other = openWith(makeKeychain());
  expect(other.read()).toEqual({});
  expect(notes).toHaveLength(1);
  other.set({ ...openai, name: 'comfy' });
  expect(secrets.read()).toEqual({ openai: 'sk-hush-hush' });
  const isUntouched = makeNewer(file, (value) => ({ ...value, schemaVersion: NEWER }));
  expect(secrets.read()).toEqual({});
  expect(() => secrets.set(openai)).toThrow(expect.objectContaining({ code: 'record-newer' }) as Error);
  expect(isUntouched()).toBe(true);
});

test.each(['{"blobs": {"openai"', '{"blobs": 5}'])(
  'a damaged list of keys is kept aside and told, and keys are kept again: %s',
  (text) => {
    const { secrets, file, notes } = open();
    writeFileSync(file, text);
    expect(secrets.read()).toEqual({});
    expect(notes).toHaveLength(1);
    secrets.set(openai);
    expect(secrets.read()).toEqual({ openai: 'sk-hush-hush' });
    const [aside = ''] = readdirSync(dirname(file)).filter((name) => name.includes('.damaged-'));
    expect(readFileSync(join(dirname(file), aside), 'utf8')).toBe(text);
  },
);
