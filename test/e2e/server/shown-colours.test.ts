import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveStudio } from '../../../main/shell/server/serve-studio.ts';
import type { StudioServer } from '../../../main/shell/server/serve-studio.ts';
import { openStudio } from '../../../main/studio.ts';
import type { Studio } from '../../../main/studio.ts';
import { openColourPage } from '../../../tooling/attacks/colours/colour-page.ts';
import type { ColourPage } from '../../../tooling/attacks/colours/colour-page.ts';
import { launchBrowser } from '../../helpers/browser-launch.ts';

const cases = join(import.meta.dirname, '../../fixtures/images/cases');
let folder = '';
let studio: Studio;
let server: StudioServer;
let browser: Browser;
let page: ColourPage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shown-colours-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  studio = await openStudio({ ephemeral: true, device: 'cpu' });
  server = await serveStudio({ studio, port: 0, pageFolder: folder });
  browser = await launchBrowser();
  page = await openColourPage(browser, studio, server.url);
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await studio.close();
  await rm(folder, { recursive: true, force: true });
});

// Every form there is: npm run attack:colours
test.each([
  ['scan.tif', 'copy'],
  ['phone.webp', 'copy'],
  ['gamma-1.png', 'copy'],
  ['cmyk-no-profile.jpg', 'copy'],
  ['rgb-selection.tif', 'copy'],
  ['animated.avif', 'copy'],
  ['no-end-mark.jpg', 'copy'],
  ['rgb16-srgb-icc.png', 'itself'],
  ['base-8bit.png', 'itself'],
])('a browser shows %s as the encoder reads it (%s)', async (name, shown) => {
  const agreement = await page.compare(await readFile(join(cases, name)));
  expect(agreement.shown).toBe(shown);
  expect(agreement.largest).toBeLessThanOrEqual(2);
});
