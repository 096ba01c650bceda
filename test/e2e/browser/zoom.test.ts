import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listCoveredParts } from '../../helpers/browser-covered-parts.ts';
import { fillBlend } from '../../helpers/browser-fill-blend.ts';
import { fillTransfer } from '../../helpers/browser-fill-transfer.ts';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { listCutTexts } from '../../helpers/browser-page-texts.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';
import { makePictureFolder } from '../../helpers/make-picture-folder.ts';

let studio: StudioUnderTest;
let folder = '';

const places = ['Studio', 'Blend', 'Transfer', 'Library', 'Batch', 'Models', 'Settings', 'Help'] as const;

beforeAll(async () => {
  // What a window of 1024 × 700 is to a page that a person has zoomed to 200 %: half as wide and high, with two points for each pixel.
  studio = await launchStudio({ viewport: { width: 1024, height: 700 }, deviceScaleFactor: 2, reducedMotion: 'reduce' });
  const on = new StudioPage(studio.page);
  await on.openSample();
  await on.waitForResults(1);
  folder = await makePictureFolder(3);
  await studio.page.getByRole('button', { name: 'Batch', exact: true }).click();
  await studio.page.getByLabel('Folder for a batch').setInputFiles(folder);
  // To its end, and seen: a batch that ends behind another place is told there, over a page as small as this.
  await studio.page.getByRole('row').filter({ hasText: 'Done' }).nth(2).waitFor();
  await studio.page.getByRole('row').filter({ hasText: 'Failed' }).first().waitFor();
  await studio.page.getByText('Queue empty').waitFor();
  await fillBlend(studio.page);
  await fillTransfer(studio.page);
  await studio.page.setViewportSize({ width: 512, height: 350 });
});
afterAll(async () => {
  await studio.close();
  if (folder !== '') await rm(dirname(folder), { recursive: true, force: true });
});

describe.each([
  { look: 'dark', colorScheme: 'dark', contrast: 'no-preference' },
  { look: 'light', colorScheme: 'light', contrast: 'no-preference' },
  { look: 'high contrast on dark', colorScheme: 'dark', contrast: 'more' },
  { look: 'high contrast on light', colorScheme: 'light', contrast: 'more' },
] as const)('at 200 % in a window of 1024 × 700, $look', ({ colorScheme, contrast }) => {
  beforeAll(() => studio.page.emulateMedia({ colorScheme, contrast }));

  it.each(places)('nothing of %s is cut off, covered or out of reach', async (place) => {
    const { page } = studio;
    const button = page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: place, exact: true });
    await button.click();
    await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
    if (place === 'Library') await page.getByRole('listbox', { name: 'Library items' }).getByRole('option').first().click();
    // News lie over the page for some seconds, and go by themselves.
    await expect.poll(() => page.locator('.news').count(), patience).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(512);
    expect(await listCutTexts(page)).toEqual([]);
    expect(await listCoveredParts(page)).toEqual([]);
  });
});

it('complained about nothing on the way', () => {
  // One file of the folder is no picture, which the core says.
  expect(studio.complaints.filter((line) => !line.includes('status of 422'))).toEqual([]);
});
