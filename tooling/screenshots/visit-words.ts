import type { Page } from 'playwright-core';
import type { State } from './tour-options.ts';
import { StudioPage } from '../../test/helpers/browser-studio-page.ts';

/** The tools of the words: values measured and shown, an alternative tried, solved again, heard, two versions compared. Starts from a drawn text, leaves it changed. */
export async function* visitWords(page: Page): AsyncGenerator<State> {
  const on = new StudioPage(page);
  const tools = page.getByRole('group', { name: 'Tools of the words' });
  await on.openLength(15);
  await tools.getByRole('button', { name: /^Value of each word/ }).click();
  await page.getByRole('button', { name: 'Measure', exact: true }).click();
  await page.getByRole('table').waitFor();
  yield '10a-values';
  await page.keyboard.press('Escape');
  yield '10b-values-in-the-words';
  // A word that was surely read has no other to try.
  await on.openAlternatives(1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+Enter');
  await page.getByTestId('trial').locator('figure:last-child img[src^="shown/"]').waitFor();
  yield '10c-trying-an-alternative';
  await page.keyboard.press('Escape');
  await tools.getByRole('button', { name: /^Solve again/ }).click();
  await page.getByRole('button', { name: 'Solve again', exact: true }).click();
  await page.getByText(/pictures drawn/).waitFor();
  yield '10d-solved-again';
  await page.keyboard.press('Escape');
  const hear = tools.getByRole('button', { name: /^What the model heard/ });
  if (await hear.isDisabled()) {
    await on.generate.click();
    await page.getByRole('status').first().waitFor();
    await on.generate.waitFor();
  }
  await hear.click();
  await page.getByRole('button', { name: 'Hear the picture' }).click();
  await page.getByTestId('token-diff').waitFor();
  yield '10e-heard';
  await page.keyboard.press('Escape');
  await on.toEnd();
  await page.keyboard.type(' under a zebra');
  await page.locator('.token.from-hand').nth(2).waitFor();
  await tools.getByRole('button', { name: /^Compare two versions/ }).click();
  await page.getByTestId('token-diff').waitFor();
  yield '10f-versions';
  await page.keyboard.press('Escape');
  await tools.getByRole('button', { name: /^Other readers/ }).click();
  await page.getByRole('group', { name: 'Compare readers' }).scrollIntoViewIfNeeded();
  yield '10g-compare-readers';
  await page.keyboard.press('Escape');
}
