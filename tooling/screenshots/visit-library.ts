import type { Locator, Page } from 'playwright-core';
import type { State } from './tour-options.ts';
import { StudioPage } from '../../test/helpers/browser-studio-page.ts';

const firstItem = (page: Page, name: RegExp): Locator => page.getByRole('option', { name }).first();

/** The Library with what was opened, read and drawn before: grid, chosen items, similar pictures, lineage, comparison. Begins and ends anywhere. */
export async function* visitLibrary(page: Page): AsyncGenerator<State> {
  const grid = page.getByRole('listbox', { name: 'Library items' });
  const option = grid.getByRole('option');
  await page.getByRole('button', { name: 'Library', exact: true }).click();
  await option.first().waitFor();
  await firstItem(page, /^Stack: /).click();
  await page.getByRole('complementary', { name: 'Details' }).getByRole('button', { name: 'Open the stack' }).waitFor();
  yield '28-library-stacks';
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Back/ }).waitFor();
  await page.waitForTimeout(400);
  yield '29-library-stack';
  await page.keyboard.press('Escape');
  await new StudioPage(page).spreadStacks();
  await option.nth(3).waitFor();
  await page.getByRole('button', { name: 'New board' }).click();
  await page.getByRole('textbox', { name: 'Name of the new board' }).fill('Quiet scenes');
  await page.keyboard.press('Enter');
  await firstItem(page, /^Drawn: /).click();
  await page.keyboard.press('s');
  await page.getByRole('complementary', { name: 'Details' }).getByRole('button', { name: 'Lineage' }).waitFor();
  await page.waitForTimeout(4500);
  yield '30-library';
  await firstItem(page, /^Picture: /).click({ modifiers: ['Control'] });
  await page.getByRole('toolbar', { name: 'Chosen items' }).waitFor();
  yield '31-library-chosen';
  await firstItem(page, /^Drawn: /).click();
  await page.keyboard.press('l');
  await page.getByRole('region', { name: 'Graph' }).getByRole('button').first().waitFor();
  await page.waitForTimeout(400);
  yield '32-library-lineage';
  await page.keyboard.press('Escape');
  await firstItem(page, /^Picture: /).click();
  await firstItem(page, /^Drawn: /).click({ modifiers: ['Control'] });
  await page.keyboard.press('c');
  await page.getByRole('region', { name: 'Facts of both' }).waitFor();
  await page.waitForTimeout(400);
  yield '33-library-compare';
  await page.keyboard.press('Escape');
  await firstItem(page, /^Picture: /).click();
  await page.keyboard.press('f');
  await page.getByText(/^Like /).waitFor();
  await page.waitForTimeout(1500);
  yield '34-library-similar';
  await page.getByRole('button', { name: 'Clear the search' }).click();
}
