import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const scenes = fileURLToPath(new URL('../../models/packs/tiny-scenes/samples', import.meta.url));

/** In Blend: a cat and a sunflower are read, blended by rules and drawn both ways. */
export async function blendTwoScenes(page: Page): Promise<void> {
  await page.getByLabel('A file for A').setInputFiles(join(scenes, '4-cat.png'));
  await page.getByLabel('A file for B').setInputFiles(join(scenes, '6-sunflower.png'));
  for (const side of ['A', 'B']) {
    const words = page.getByRole('textbox', { name: `Words of ${side}` });
    while ((await words.inputValue()) === '') await page.waitForTimeout(100);
  }
  await page.keyboard.press('Control+Enter');
  await page.getByText('Written by: Built-in rules').waitFor();
  await page.getByRole('main').getByRole('button', { name: 'Draw both', exact: true }).click();
  await page.getByText(/^Like B −?\d/).waitFor();
}
