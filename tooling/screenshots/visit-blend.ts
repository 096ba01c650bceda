import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { State } from './tour-options.ts';

const scenes = fileURLToPath(new URL('../../models/packs/tiny-scenes/samples', import.meta.url));

/** Blend, empty and with two scenes that became one, and Transfer, planned and drawn. Begins and ends in the Studio, where a text is open. */
export async function* visitBlend(page: Page): AsyncGenerator<State> {
  const go = (place: string): Promise<void> => page.locator('nav.rail').getByRole('button', { name: place, exact: true }).click();
  await go('Blend');
  await page.getByRole('textbox', { name: 'Words of A' }).waitFor();
  yield '26-blend-empty';
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
  yield '26a-blended';
  await go('Transfer');
  const draw = page.getByRole('main').getByRole('button', { name: /^Draw \d+ pictures?$/ });
  await draw.waitFor();
  yield '27-transfer-planned';
  await draw.click();
  await page.getByText(/^(\d+) of \1 pictures?$/).waitFor();
  yield '27a-transfer-drawn';
  await go('Studio');
}
