import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveStudio } from '../../../main/shell/server/serve-studio.ts';
import type { StudioServer } from '../../../main/shell/server/serve-studio.ts';
import { openStudio } from '../../../main/studio.ts';
import type { Studio } from '../../../main/studio.ts';
import { launchBrowser } from '../../helpers/browser-launch.ts';

interface Running {
  readonly studio: Studio;
  readonly server: StudioServer;
  readonly folder: string;
}

async function start(): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'two-studios-'));
  const studio = await openStudio({ dataFolder: folder, device: 'cpu' });
  return { studio, server: await serveStudio({ studio, port: 0 }), folder };
}

let browser: Browser;
let running: readonly Running[] = [];

beforeAll(async () => {
  running = [await start(), await start()];
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  for (const { server, studio, folder } of running) {
    await server.close();
    await studio.close();
    await rm(folder, { recursive: true, force: true });
  }
});

const connected = (page: Page) => page.getByText('Connected', { exact: true }).waitFor();

// A browser sends a machine's cookies to all of its ports, so one studio's session must not displace the other's.
test('two studios are open in one browser at once, and stay so after a reload', async () => {
  const context = await browser.newContext();
  const pages: Page[] = [];
  for (const { server } of running) {
    const page = await context.newPage();
    await page.goto(server.url);
    await connected(page);
    pages.push(page);
  }
  for (const page of pages) {
    await page.reload();
    await connected(page);
  }
  const cookies = await context.cookies();
  expect(cookies.map(({ name }) => name).sort()).toEqual(running.map(({ server }) => `dediffusion-${server.port}`).sort());
  expect(cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite === 'Strict')).toBe(true);
});

test('the session of one studio opens nothing in the other', async () => {
  const [first, second] = running;
  if (first === undefined || second === undefined) throw new Error('Two studios run here.');
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(first.server.url);
  await connected(page);
  const stranger = await context.newPage();
  await stranger.goto(second.server.origin);
  await stranger.getByRole('alert').filter({ hasText: 'carries no key' }).waitFor();
  const borrowed = await context.request.get(`${second.server.origin}/?token=${first.server.token}`, { maxRedirects: 0 });
  expect(borrowed.status()).toBe(401);
});
