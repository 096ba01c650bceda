import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';

let studio: StudioUnderTest;
let on: StudioPage;

beforeAll(async () => {
  studio = await launchStudio();
  on = new StudioPage(studio.page);
  await on.samples.first().waitFor();
});
afterAll(() => studio.close());

/** Tabs until the focus is on an element whose name or role fits; a person who cannot get there has no way at all. */
async function tabTo(what: RegExp): Promise<void> {
  for (let presses = 0; presses < 120; presses += 1) {
    await studio.page.keyboard.press('Tab');
    const focused = await studio.page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      const outline = element === null ? '' : getComputedStyle(element).outlineStyle;
      const label = element?.closest('label');
      return {
        name: `${element?.getAttribute('aria-label') ?? ''} ${element?.textContent ?? ''} ${label?.textContent ?? ''}`,
        outline,
      };
    });
    if (what.test(focused.name)) return;
  }
  throw new Error(`Tab never reached ${what}`);
}

it('does the main job without a pointer', async () => {
  const { page } = studio;
  await tabTo(/Tree|Car|Grapes|backdrop/);
  await page.keyboard.press('Enter');
  await on.tokens.first().waitFor();
  await on.waitForResults(1);

  await tabTo(/Words of the picture/);
  await page.keyboard.press('Control+Home');
  await expect.poll(() => page.locator('.facts b').innerText(), patience).not.toBe('');
  const first = await page.locator('.facts b').innerText();
  await page.keyboard.press('Control+ArrowRight');
  await page.keyboard.press('Control+ArrowRight');
  await expect.poll(() => page.locator('.facts').innerText(), patience).not.toMatch(new RegExp(`^${first} `));

  const before = await on.text();
  await page.keyboard.press('Alt+Enter');
  const options = page.getByRole('listbox').getByRole('option');
  await options.first().waitFor();
  // Words that were surely read have no alternatives; the arrows go on to the next.
  for (let words = 0; (await options.count()) < 2 && words < 40; words += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(() => on.text(), patience).not.toBe(before);

  await page.keyboard.press('Alt+Enter');
  await page.keyboard.press('Escape');
  await page.getByRole('listbox').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' dark');
  await page.keyboard.press('Control+Enter');
  await on.waitForResults(2);

  await page.keyboard.press('Alt+1');
  await expect.poll(() => page.getByRole('radio', { name: /^5 tokens/ }).isChecked(), patience).toBe(true);
  await page.keyboard.press('Control+Shift+C');
  await page.getByRole('dialog', { name: 'Copy the prompt' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Copy the prompt' }).waitFor({ state: 'detached' });
  await tabTo(/Original picture/);
  await page.keyboard.press('ArrowRight');
  await page
    .getByRole('status')
    .filter({ hasText: /^the |centre|left|right/ })
    .first()
    .waitFor();
  expect(studio.complaints).toEqual([]);
});
