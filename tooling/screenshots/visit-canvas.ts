import type { Page } from 'playwright-core';
import type { State } from './tour-options.ts';
import { StudioPage } from '../../test/helpers/browser-studio-page.ts';

/** The canvas as a person works with it: zoomed, blind spots, lengths measured, two results, history, a long text in groups, the menu of a word. Starts from the difference, leaves side by side. */
export async function* visitCanvas(page: Page): AsyncGenerator<State> {
  const on = new StudioPage(page);
  const leaveFields = () => page.getByLabel('Canvas').getByRole('heading').click();
  await page.keyboard.press('h');
  await on.original.waitFor();
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('+');
  yield '9a-zoomed';
  await page.keyboard.press('0');
  await page.keyboard.press('n');
  yield '9b-blind-spots';
  await page.keyboard.press('n');
  await page.getByRole('button', { name: /^Measure the fidelity of every length/ }).click();
  await page
    .getByText(/Denoising/)
    .first()
    .waitFor();
  yield '9c-measuring-lengths';
  await page.getByRole('radio', { name: /^75 tokens, fidelity .* plus or minus/ }).waitFor();
  await page.getByRole('button', { name: /^Measure the fidelity of every length/ }).waitFor();
  yield '9d-lengths-measured';
  await leaveFields();
  await page.keyboard.press('Shift+C');
  await page.getByRole('figure', { name: 'Result A' }).waitFor();
  yield '9e-two-results';
  await page.getByRole('button', { name: 'Stop comparing two results' }).click();
  await leaveFields();
  await page.keyboard.press('y');
  await page.getByRole('dialog', { name: 'History' }).waitFor();
  yield '9f-history';
  await page.keyboard.press('y');
  await on.openLength(75);
  await page.getByTestId('words').locator('.group').nth(3).waitFor();
  yield '9g-long-text';
  await on.tokens.nth(2).click({ button: 'right' });
  await page.getByRole('menu').waitFor();
  yield '9h-menu-of-a-word';
  await page.keyboard.press('Escape');
  await on.openLength(15);
}
