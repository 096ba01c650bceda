import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveStudio } from '../../../main/shell/server/serve-studio.ts';
import type { StudioServer } from '../../../main/shell/server/serve-studio.ts';
import { openStudio } from '../../../main/studio.ts';
import type { Studio } from '../../../main/studio.ts';
import { launchBrowser } from '../../helpers/browser-launch.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';

const base = '/team/pictures';
let studio: Studio;
let server: StudioServer;
let browser: Browser;

/** A web server that takes its path away and changes the Host, as most do. */
const front = createServer((incoming, answer) => {
  const path = (incoming.url ?? '').startsWith(base) ? (incoming.url ?? '').slice(base.length) : null;
  if (path === null) {
    answer.writeHead(404).end();
    return;
  }
  const headers = { ...incoming.headers, host: `127.0.0.1:${server.port}` };
  const passed = request({ port: server.port, path, method: incoming.method, headers }, (given) => {
    answer.writeHead(given.statusCode ?? 502, given.headers);
    given.pipe(answer);
  });
  passed.once('error', () => answer.destroy());
  incoming.pipe(passed);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const { port } = front.address() as AddressInfo;
  studio = await openStudio({ ephemeral: true, device: 'cpu' });
  server = await serveStudio({ studio, port: 0, origins: [`http://localhost:${port}${base}`] });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  front.closeAllConnections();
  front.close();
  await server.close();
  await studio.close();
});

it('reads and shows a picture where it lies under a path of another server', async () => {
  const page = await browser.newPage();
  const missed: string[] = [];
  page.on('response', (response) => {
    if (response.status() >= 400) missed.push(response.url());
  });
  await page.goto(server.url);
  expect(new URL(page.url()).pathname).toBe(`${base}/`);
  await new StudioPage(page).openSample();
  const picture = page.getByRole('application', { name: /Original picture/ }).locator('img');
  await picture.waitFor();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  expect(missed).toEqual([]);
});
