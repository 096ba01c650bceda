import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { forwardRequest } from '../../../main/shell/electron/host/forward-request.ts';
import type { HostOrder } from '../../../main/shell/electron/host/host-protocol.ts';

const entry = fileURLToPath(new URL('../../../main/shell/electron/host/host-process.ts', import.meta.url));

test('the host takes keys with its first order and after a change, and tells the page that they are set and no more', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'host-secrets-'));
  const environment = { ...process.env, DEDIFFUSION_HOME: folder, DEDIFFUSION_SECRET_OPENAI: 'sk-of-the-environment' };
  const host = fork(entry, [], { env: environment, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const tell = (order: HostOrder) => host.send(order);
  const address = { socketPath: join(folder, 'socket'), token: 't'.repeat(43) };
  const report = async () =>
    (await forwardRequest(new Request('http://studio/rpc/network/report', { method: 'POST' }), address)).text();
  try {
    tell({ type: 'open', ...address, secrets: { comfy: 'hush-hush' } });
    expect((await once(host, 'message'))[0]).toEqual({ type: 'ready' });
    const first = await report();
    expect(first).toContain('{"name":"comfy","from":"keychain"},{"name":"openai","from":"environment"}');
    tell({ type: 'secrets', values: { other: 'hush-hush' } });
    await expect.poll(report).toContain('{"name":"openai","from":"environment"},{"name":"other","from":"keychain"}');
    expect(first + (await report())).not.toMatch(/hush|sk-of/);
  } finally {
    const ended = once(host, 'exit');
    tell({ type: 'close' });
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
});
