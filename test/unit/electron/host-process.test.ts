import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { hostEnvironment } from '../../../main/shell/electron/host/host-environment.ts';

const entry = fileURLToPath(new URL('../../../main/shell/electron/host/host-process.ts', import.meta.url));

afterEach(() => {
  vi.unstubAllEnvs();
});

test('no order that cannot be read ends the host, and nothing that stood in it is written down', async () => {
  const host = fork(entry, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'advanced' });
  let written = '';
  host.stderr?.setEncoding('utf8').on('data', (text: string) => (written += text));
  const ended = once(host, 'close');
  for (const order of [Number.NaN, { type: 'secrets', values: { comfy: Number.NaN, openai: 'hush-hush' } }, { type: 'dance' }])
    host.send(order);
  host.send({ type: 'close' });
  expect((await ended)[0]).toBe(0);
  expect(written.match(/could not be read/g)).toHaveLength(3);
  expect(written).not.toContain('hush');
});

test('keeps its compiled code where the program says, for the next start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'host-code-'));
  // A place that whoever runs these specs has chosen would count.
  vi.stubEnv('NODE_COMPILE_CACHE', undefined);
  const given = { ...process.env, NODE_OPTIONS: '--none-of-nodes-options' };
  const host = fork(entry, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: hostEnvironment(given, folder) });
  const ended = once(host, 'close');
  host.send({ type: 'close' });
  expect((await ended)[0]).toBe(0);
  const [version = ''] = readdirSync(folder);
  expect(readdirSync(join(folder, version)).length).toBeGreaterThan(100);
  rmSync(folder, { recursive: true });
});
