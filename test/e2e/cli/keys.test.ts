import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createdKeyOutputSchema, keysOutputSchema } from '../../../main/shell/cli/commands/keys.ts';
import { runCli, runJson } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('an access key is made, shown once, listed without what it shows, and revoked', async () => {
  const create = ['keys', 'create', 'Krita', '--scope', 'read', '--days', '7', '--origin', 'https://pages.example'];
  const { key, secret } = await runJson(create, { home }, createdKeyOutputSchema);
  expect(key).toMatchObject({ name: 'Krita', scope: 'read', origins: ['https://pages.example'] });
  expect((key.expiresMs ?? 0) - key.createdMs).toBeCloseTo(7 * 24 * 60 * 60 * 1000, -5);
  const { stdout } = await runCli(['keys', 'list'], { home });
  expect(stdout).toContain(key.id);
  expect(stdout + (await readFile(join(home, 'access-keys.json'), 'utf8'))).not.toContain(secret);
  expect(await runJson(['keys', 'revoke', key.id], { home }, keysOutputSchema)).toEqual({ keys: [] });
  const wrong = await runCli(['keys', 'create', 'a page', '--origin', 'https://Pages.example/path'], { home });
  expect(wrong).toMatchObject({ code: 1, stdout: '' });
  expect(wrong.stderr).toContain('origins.0');
});
