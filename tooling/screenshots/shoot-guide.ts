import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { launchStudio } from '../../test/helpers/browser-launch-studio.ts';
import { StudioPage } from '../../test/helpers/browser-studio-page.ts';
import { blendTwoScenes } from './blend-two-scenes.ts';

const folder = fileURLToPath(new URL('../../docs/guide/pictures', import.meta.url));
const scenes = fileURLToPath(new URL('../../models/packs/tiny-scenes/samples', import.meta.url));
const size = { width: 1280, height: 800 };

async function goTo(page: Page, place: string): Promise<void> {
  await page.locator('nav.rail').getByRole('button', { name: place, exact: true }).click();
}

/** The settings, scrolled to one of their sections. */
async function showSection(page: Page, section: string): Promise<void> {
  await goTo(page, 'Settings');
  const sections = page.getByRole('navigation', { name: 'Sections of the settings' });
  await sections.getByRole('button', { name: section, exact: true }).click();
}

/** The pictures of `docs/guide/`, each of the task that its page tells. */
export async function shootGuide(): Promise<void> {
  await mkdir(folder, { recursive: true });
  const studio = await launchStudio({ colorScheme: 'light', viewport: size, reducedMotion: 'reduce' });
  const { page } = studio;
  const on = new StudioPage(page);
  const shoot = async (name: string): Promise<void> => {
    const path = join(folder, `${name}.webp`);
    // What passes by is no part of the task that a page tells.
    await page.getByRole('region', { name: 'Notices' }).locator('.news').first().waitFor({ state: 'detached' });
    await sharp(await page.screenshot())
      .webp({ quality: 82 })
      .toFile(path);
    console.log(path);
  };
  try {
    await on.samples.nth(2).waitFor();
    await on.openSample(0);
    await on.waitForResults(1);
    await page.mouse.move(size.width - 20, size.height - 150);
    await shoot('first-picture');
    await on.openAlternatives(1);
    await shoot('words');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Shift+C');
    const copy = page.getByRole('dialog', { name: 'Copy the prompt' });
    await copy.getByText('Midjourney').click();
    await copy.getByRole('button', { name: 'Copy', exact: true }).waitFor();
    await shoot('transfer');
    await page.keyboard.press('Escape');

    await goTo(page, 'Blend');
    await blendTwoScenes(page);
    await shoot('blending');

    await goTo(page, 'Models');
    await page.getByText('Available', { exact: true }).click();
    await page
      .getByRole('button', { name: /^Install/ })
      .first()
      .waitFor();
    await shoot('models');

    await goTo(page, 'Batch');
    await page.getByLabel('Folder for a batch').setInputFiles(scenes);
    await page.getByRole('grid').getByRole('row').filter({ hasText: 'Done' }).nth(5).waitFor();
    await page.getByText('Queue empty').waitFor();
    await page.waitForFunction(() => [...document.images].every((image) => image.complete));
    await shoot('batch');

    await showSection(page, 'Privacy');
    await page.getByText('What goes out, and with what').or(page.getByText('Nothing may.')).first().waitFor();
    await shoot('privacy');
    await showSection(page, 'Access keys');
    await shoot('api');
  } finally {
    await studio.close();
  }
}
