import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { studioInfoSchema } from '../../../contract/studio-info.ts';
import { readLink, runStart } from './run-start.ts';
import type { StartedProcess } from './run-start.ts';

let folder: string;
let running: StartedProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dediffusion-start-'));
  running = [];
});
afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGKILL');
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
});

const start = (...args: string[]): StartedProcess => {
  const started = runStart(folder, args);
  running.push(started);
  return started;
};

/** Opens the printed link as a browser does: follows the redirect with the cookie it got. */
async function openLink(link: URL): Promise<string> {
  const answer = await fetch(link, { redirect: 'manual' });
  expect(answer.status).toBe(303);
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

it('brings up the page and the core behind one link, and stops cleanly', async () => {
  const started = start('--port', '0');
  const link = await readLink(started);
  const cookie = await openLink(link);

  const page = await fetch(link.origin);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const html = await page.text();
  const script = /src="([^"]+\.js)"/.exec(html)?.[1] ?? '';
  expect((await fetch(new URL(script, link.origin))).headers.get('content-type')).toContain('javascript');

  const info = await fetch(new URL('/rpc/studio/info', link.origin), {
    method: 'POST',
    headers: { cookie, origin: link.origin, 'content-type': 'application/json' },
    body: '{}',
  });
  const { json } = (await info.json()) as { json: unknown };
  expect(studioInfoSchema.parse(json).libraryItems).toBe(0);
  expect(started.output()).toContain(folder);

  started.child.kill('SIGINT');
  expect(await started.ended).toBe(0);
  const again = start('--port', '0');
  await readLink(again);
});

it('stops cleanly while a page listens', async () => {
  const started = start('--port', '0');
  const link = await readLink(started);
  const cookie = await openLink(link);
  const stream = await fetch(new URL('/rpc/studio/events', link.origin), {
    method: 'POST',
    headers: { cookie, origin: link.origin, 'content-type': 'application/json' },
    body: '{}',
  });
  expect(stream.headers.get('content-type')).toContain('text/event-stream');
  const reading = stream.text().catch((error: unknown) => String(error));
  started.child.kill('SIGTERM');
  expect(await started.ended).toBe(0);
  await reading;
});

it('says that the library is open in another studio, and what to do', async () => {
  await readLink(start('--port', '0'));
  const second = start('--port', '0');
  expect(await second.ended).toBe(1);
  expect(second.output()).toMatch(/open in another studio/);
  expect(second.output()).toMatch(/Close the other window/);
  expect(second.output()).not.toMatch(/ {4}at /);
});

it('says that a port is taken, and takes the next one when none was asked for', async () => {
  const first = await readLink(start('--port', '0'));
  const other = await mkdtemp(join(tmpdir(), 'dediffusion-start-'));
  const second = runStart(other, ['--port', first.port]);
  running.push(second);
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`Port ${first.port} is in use`);
  expect(second.output()).toContain('--port');

  const third = runStart(other, []);
  running.push(third);
  expect(Number((await readLink(third)).port)).toBeGreaterThanOrEqual(4173);
  third.child.kill('SIGINT');
  await third.ended;
  await rm(other, { recursive: true, force: true });
});

it.each([
  ['an unknown flag', ['--bogus']],
  ['a port that is none', ['--port', 'http']],
  ['a word', ['now']],
])('explains itself after %s', async (_, args) => {
  const started = start(...args);
  expect(await started.ended).toBe(2);
  expect(started.output()).toContain('npm start -- [--browser] [--port N]');
});
