import type { Page } from 'playwright-core';
import { blendTwoScenes } from './blend-two-scenes.ts';
import type { State } from './tour-options.ts';

/** Blend, empty and with two scenes that became one, and Transfer, planned and drawn. Begins and ends in the Studio, where a text is open. */
export async function* visitBlend(page: Page): AsyncGenerator<State> {
  const go = (place: string): Promise<void> => page.locator('nav.rail').getByRole('button', { name: place, exact: true }).click();
  await go('Blend');
  await page.getByRole('textbox', { name: 'Words of A' }).waitFor();
  yield '26-blend-empty';
  await blendTwoScenes(page);
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
