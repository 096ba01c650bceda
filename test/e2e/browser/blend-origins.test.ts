import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listCutWords } from '../../helpers/browser-cut-words.ts';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';

let studio: StudioUnderTest;

beforeAll(async () => {
  studio = await launchStudio({ viewport: { width: 1024, height: 700 } });
  const { page } = studio;
  await page.getByRole('button', { name: 'Blend', exact: true }).click();
  await page.getByRole('textbox', { name: 'Words of A' }).fill('a red robot on a road, oil painting');
  await page.getByRole('textbox', { name: 'Words of B' }).fill('a deer in a misty forest, watercolor');
  await page.keyboard.press('Control+Enter');
  await page.locator('.seen > .from-imageB').first().waitFor();
});
afterAll(() => studio.close());

/** The line under the first of some words. */
function lineOf(words: Locator): Promise<string> {
  return words.first().evaluate((element) => {
    const { textDecorationLine, textDecorationStyle } = getComputedStyle(element);
    return `${textDecorationLine} ${textDecorationStyle}`;
  });
}

it('the origin of a word shows also to whoever sees no colours, and a legend says what it is', async () => {
  const legend = studio.page.getByRole('list', { name: 'Where words come from' }).getByRole('listitem');
  const named = await Promise.all([0, 1, 2, 3].map((at) => lineOf(legend.nth(at))));
  expect(named).toEqual(['underline solid', 'underline dashed', 'underline dotted', 'underline double']);
  expect(await lineOf(studio.page.locator('.seen > .from-imageA'))).toBe(named[0]);
  expect(await lineOf(studio.page.locator('.seen > .from-imageB'))).toBe(named[1]);
});

it('what each of both is stands in whole words in a window of 1024', async () => {
  expect(await listCutWords(studio.page.getByText('A’s object in B’s scene', { exact: true }))).toEqual([]);
});

it('the title of a side is in whole words in a window of 1024', async () => {
  const { page } = studio;
  const card = page.getByRole('region', { name: /^A, / });
  await card.getByRole('button', { name: 'Choose…' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Sunflower/ })
    .click();
  const title = card.getByRole('heading', { level: 2 });
  await title.getByText(/sunflower/i).waitFor();
  expect(await listCutWords(title)).toEqual([]);
});

it('complained about nothing on the way', () => {
  expect(studio.complaints).toEqual([]);
});
