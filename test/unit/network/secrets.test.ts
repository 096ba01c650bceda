import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secrets } from '../../../main/network/secrets.ts';
import { takeKeys, withoutKeys } from '../../../main/running/known-keys.ts';
import { openFailureLog } from '../../../main/services/open-failure-log.ts';

const environment = { DEDIFFUSION_SECRET_OPENAI: 'sk-from-the-environment', DEDIFFUSION_SECRET_EMPTY: '', PATH: '/bin' };

test('come from the environment and from the keychain, and are told by name alone', () => {
  const secrets = new Secrets(environment);
  secrets.takeKeychain({ openai: 'sk-from-the-keychain', comfy: 'key-of-comfy' });
  expect(secrets.list()).toEqual([
    { name: 'comfy', from: 'keychain' },
    { name: 'openai', from: 'environment' },
  ]);
  expect([secrets.read('comfy'), secrets.read('openai')]).toEqual(['key-of-comfy', 'sk-from-the-environment']);
  secrets.takeKeychain({});
  expect(() => secrets.read('comfy')).toThrow(expect.objectContaining({ code: 'secret-missing' }) as Error);
  // Whoever prints the whole object prints no key.
  expect(inspect(secrets, { depth: 9 }) + JSON.stringify(secrets)).not.toContain('sk-');
});

test('are not handed to processes that have no business with them', () => {
  expect(withoutKeys(environment)).toEqual({ PATH: '/bin' });
});

test('are taken out of an environment that others will be told or inherit', () => {
  const own = { ...environment, HF_TOKEN: 'hf_of-the-hub' };
  expect(takeKeys(own)).toEqual({
    DEDIFFUSION_SECRET_OPENAI: 'sk-from-the-environment',
    DEDIFFUSION_SECRET_EMPTY: '',
    HF_TOKEN: 'hf_of-the-hub',
  });
  expect(own).toEqual({ PATH: '/bin' });
});

test('know the hub’s token by the name that other programs give it, which no process is handed either', () => {
  const other = { HF_TOKEN: ' hf_of_other_programs ', DEDIFFUSION_SECRET_X: 'x', PATH: '/bin' };
  expect(new Secrets(other).read('hugging-face')).toBe('hf_of_other_programs');
  expect(new Secrets({ ...other, DEDIFFUSION_SECRET_HUGGING_FACE: 'hf_own' }).read('hugging-face')).toBe('hf_own');
  expect(withoutKeys(other)).toEqual({ PATH: '/bin' });
  expect(new Secrets({ HF_TOKEN: '' }).has('hugging-face')).toBe(false);
});

test('do not reach the log, whatever brings them there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  try {
    const secrets = new Secrets(environment);
    const log = await openFailureLog(folder, (text) => secrets.redact(text));
    log.note('The engine said: key sk-from-the-environment is wrong');
    // Handed over after the log was opened.
    secrets.takeKeychain({ comfy: 'key-of-comfy', longer: 'key-of-comfy-and-more' });
    const error = new Error('unplanned');
    error.stack = 'Error: unplanned\n    at key-of-comfy (file:///key-of-comfy-and-more.ts:1:2)';
    log.failure(error);
    log.close();
    const path = join(folder, 'logs/studio.log');
    for (;;) {
      const text = await readFile(path, 'utf8').catch(() => '');
      if (text.split('\n').length > 2) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const written = await readFile(path, 'utf8');
    expect(written).toContain('The engine said: key ••• is wrong');
    expect(written).toContain('at •••');
    expect(written).not.toMatch(/sk-from|key-of-comfy|and-more/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
