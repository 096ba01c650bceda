import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { networkOutputSchema } from '../../../main/shell/cli/commands/network.ts';
import { failureOutputSchema } from './failure-output.ts';
import { runJson } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const network = (...args: string[]) => runJson(['network', ...args], { home }, networkOutputSchema);

it('a place is allowed, listed and taken back', async () => {
  const allowed = await network('allow', 'http://127.0.0.1:8188/prompt', '--for', 'image-tool', '--sends', 'text', 'settings');
  const place = { origin: 'http://127.0.0.1:8188', purpose: 'image-tool', sends: ['address', 'text', 'settings'] };
  expect(allowed.consents).toMatchObject([place]);
  expect((await network('list')).consents).toEqual(allowed.consents);
  expect((await network('revoke', 'http://127.0.0.1:8188')).consents).toEqual([]);
  const nothing = await runJson(['network', 'revoke', 'http://127.0.0.1:8188'], { home }, failureOutputSchema, 1);
  expect(nothing.error.code).toBe('not-found');
});
