import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { chromium as driver } from 'playwright-core';
import type { Browser } from 'playwright-core';

/** Our own list: the package's defaults are for a cloud function and switch off what a page is tested for. */
const launchArguments = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
  '--metrics-recording-only',
  '--font-render-hinting=none',
  '--force-color-profile=srgb',
];

/** A headless Chromium that comes from npm and asks nobody for anything. */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const executablePath = await chromium.executablePath();
  const args = [...launchArguments, ...more];
  return driver.launch({ executablePath, args, headless: true, env: { ...process.env, HOME: join(tmpdir()) } });
}
