import { existsSync, readdirSync, statSync } from 'node:fs';
import { request as openRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestServer } from './open-test-server.ts';
import type { TestServer } from './open-test-server.ts';

let test: TestServer;
beforeAll(async () => {
  test = await openTestServer();
});
afterAll(() => test.close());

/** What lies in the data folder of uploads that are still coming, in bytes. */
function incomingBytes(): number {
  const folder = join(test.studio.dataFolder, 'images', 'incoming');
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await wait(5);
}

it('what comes lies on the disk before the end has come, and goes with its sender', async () => {
  const { port } = test.server;
  const sending = openRequest({ port, host: '127.0.0.1', path: '/images', method: 'POST', headers: test.bearer });
  sending.on('error', () => undefined);
  sending.write(Buffer.alloc(5_000_000, 1));
  await until(() => incomingBytes() === 5_000_000);
  sending.destroy();
  await until(() => incomingBytes() === 0);
});

it('what is no picture is refused and leaves nothing behind', async () => {
  const answer = await test.send({ method: 'POST', path: '/images', headers: test.bearer, body: Buffer.alloc(3_000_000, 1) });
  expect(answer.status).toBe(422);
  expect(JSON.parse(answer.body.toString())).toMatchObject({ code: 'image-unreadable' });
  expect(incomingBytes()).toBe(0);
});
