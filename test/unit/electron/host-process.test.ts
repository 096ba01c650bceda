import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const entry = fileURLToPath(new URL('../../../main/shell/electron/host/host-process.ts', import.meta.url));

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
