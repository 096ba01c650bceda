import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';

let studio: StudioUnderTest;

beforeAll(async () => {
  studio = await launchStudio();
  await new StudioPage(studio.page).openLibraryOfSample();
  await texts().first().waitFor();
});
afterAll(() => studio.close());

const cells = (): Locator => studio.page.getByRole('listbox', { name: 'Library items' }).getByRole('option');
const texts = (): Locator => cells().filter({ hasText: /^\s*Text: / });

/** How many items and texts there are, once every tile says which it is. */
async function countAll(): Promise<[all: number, texts: number]> {
  await expect
    .poll(
      () =>
        cells()
          .filter({ hasText: /^\s*Loading/ })
          .count(),
      patience,
    )
    .toBe(0);
  return [await cells().count(), await texts().count()];
}

describe('texts in the library by what they mean', () => {
  it('finds texts like a text, and shows everything afterwards', async () => {
    const [all, allTexts] = await countAll();
    expect(allTexts).toBeGreaterThan(1);
    await texts().first().click();
    await studio.page.keyboard.press('f');
    await expect.poll(() => cells().count(), patience).toBe(allTexts - 1);
    expect(await texts().count()).toBe(allTexts - 1);
    await studio.page.getByRole('button', { name: 'Clear the search' }).click();
    await expect.poll(() => cells().count(), patience).toBe(all);
  });

  it('finds pictures like a sentence, and texts where only texts are shown', async () => {
    const [all, allTexts] = await countAll();
    await studio.page.getByRole('radio', { name: /^Pictures like a sentence/ }).check({ force: true });
    await studio.page.getByRole('textbox', { name: 'Find by meaning' }).fill('a thing on the ground');
    await studio.page.keyboard.press('Enter');
    await expect.poll(() => cells().count(), patience).toBe(all - allTexts);
    await studio.page.getByRole('button', { name: 'Texts', exact: true }).click();
    await expect.poll(() => texts().locator('.number').count(), patience).toBe(allTexts);
    expect(await cells().count()).toBe(allTexts);
    await studio.page.getByRole('button', { name: 'Clear the search' }).click();
    await expect.poll(() => cells().count(), patience).toBe(all);
  });

  it('finds by meaning by itself where no words fit, says so, and looks for words again as they are written', async () => {
    const { page } = studio;
    const [all] = await countAll();
    const joined = page.getByText('No such words: like it in meaning');
    await page.getByRole('radio', { name: /^Words in titles/ }).check({ force: true });
    await page.getByRole('textbox', { name: 'Search the library' }).fill('something that nobody wrote');
    await joined.waitFor();
    await cells().locator('.number').first().waitFor();
    const field = page.getByRole('textbox', { name: 'Find by meaning' });
    expect(await field.inputValue()).toBe('something that nobody wrote');
    const word = (await texts().count()) === 0 ? 'pig' : 'flat';
    await field.fill(word);
    await joined.waitFor({ state: 'detached' });
    await expect.poll(() => page.getByRole('textbox', { name: 'Search the library' }).inputValue(), patience).toBe(word);
    await page.getByRole('button', { name: 'Clear the search' }).click();
    await expect.poll(() => cells().count(), patience).toBe(all);
  });

  it('complained about nothing on the way', () => {
    expect(studio.complaints).toEqual([]);
  });
});
