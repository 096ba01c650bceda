import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';

let studio: StudioUnderTest;
let on: StudioPage;

beforeAll(async () => {
  studio = await launchStudio();
  on = new StudioPage(studio.page);
  await on.openSample();
  await on.waitForResults(1);
  await on.openSettings();
});
afterAll(() => studio.close());

const field = (name: string) => studio.page.getByRole('spinbutton', { name });

/** What a translating browser does: every text it may touch lies in elements of its own afterwards. */
function translate(): void {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) texts.push(node as Text);
  for (const text of texts) {
    if (text.data.trim() === '' || text.parentElement?.closest('[translate=no]') !== null) continue;
    const other = document.createElement('span');
    other.textContent = text.data;
    text.replaceWith(other);
  }
}

describe('number fields show what is used', () => {
  it.each([
    ['Seed', '12 345', '12345'],
    ['Seed', '-1', ''],
    ['Seed', 'seven', ''],
    ['Guidance, as a number', '7,5', '7.5'],
    ['Guidance, as a number', '99', '12'],
    ['Guidance, as a number', '', '4'],
    ['Steps, as a number', '0', '1'],
    ['Steps, as a number', '2', '2'],
  ])('%s, written %j, shows %j', async (name, written, shown) => {
    await field(name).fill(written);
    await studio.page.keyboard.press('Tab');
    await expect.poll(() => field(name).inputValue(), patience).toBe(shown);
  });

  it('and Ctrl+Enter in one draws with it', async () => {
    await field('Seed').fill('4 711');
    await studio.page.keyboard.press('Control+Enter');
    await studio.page.getByText('seed 4711').first().waitFor();
    expect(await field('Seed').inputValue()).toBe('4711');
  });
});

describe('the words', () => {
  it('are replaced by what is typed over an open word', async () => {
    await on.generate.waitFor();
    const before = (await on.text()).split(' ');
    await on.tokens.nth(1).click();
    await studio.page.getByRole('listbox').waitFor();
    await studio.page.keyboard.type('fox');
    await expect.poll(() => on.text(), patience).toBe(before.with(1, 'fox').join(' '));
  });

  it('keep the caret with the word an alternative was taken for', async () => {
    const before = (await on.text()).split(' ');
    const at = await on.openAlternatives(2);
    const options = studio.page.getByRole('listbox').getByRole('option');
    const other = await options.evaluateAll(
      (all, length) =>
        all.findIndex(
          (one) => !one.classList.contains('current') && one.querySelector('.text')?.textContent.trim().length === length,
        ),
      before[at]?.length ?? 0,
    );
    await options.nth(other === -1 ? 1 : other).click();
    await expect.poll(() => on.text(), patience).not.toBe(before.join(' '));
    const after = (await on.text()).split(' ');
    await studio.page.keyboard.type('zz');
    await expect.poll(() => on.text(), patience).toContain('zz');
    const words = (await on.text()).split(' ');
    expect(words.slice(0, at)).toEqual(after.slice(0, at));
    await studio.page.keyboard.press('Control+z');
    await studio.page.keyboard.press('Control+z');
  });
});

it('an Enter that ends a composition does not end the search or a name', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: 'Library', exact: true }).click();
  await page.getByRole('button', { name: 'New board' }).click();
  const name = page.getByRole('textbox', { name: /board/i });
  await name.fill('にほん');
  await name.dispatchEvent('keydown', { key: 'Enter', code: 'Enter', isComposing: true, bubbles: true });
  expect(await name.isVisible()).toBe(true);
  await page.keyboard.press('Enter');
  await page.getByText('にほん').first().waitFor();
  await page.getByRole('button', { name: 'Studio', exact: true }).click();
});

it('every value follows where the browser has translated the page', async () => {
  const { page } = studio;
  await on.generate.waitFor();
  await on.openSettings();
  await page.evaluate(translate);
  await field('Seed').fill('815');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('figure').getByText('seed 815').waitFor();
  await on.generate.waitFor();
  const item = on.results.first();
  const shown = (await item.innerText()).trim();
  await expect.poll(() => page.getByTestId('fidelity').innerText(), patience).toContain(shown);
  await on.tool('Facts of the picture shown').click();
  await expect.poll(() => page.locator('dl').first().innerText(), patience).toContain('815');
  expect(studio.complaints).toEqual([]);
});
