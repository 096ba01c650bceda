import type { Locator } from 'playwright-core';
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
});
afterAll(() => studio.close());

const item = (name: string | RegExp): Locator => studio.page.getByRole('menuitem', { name });

/** Opens the menu of what lies under the pointer. */
async function openMenu(thing: Locator, name: string): Promise<void> {
  await thing.click({ button: 'right' });
  await studio.page.getByRole('menu', { name }).waitFor();
}

describe('a right click has a menu', () => {
  it('of the word under it, which acts on that word alone', async () => {
    await openMenu(on.tokens.nth(3), 'Word');
    for (const name of ['Alternatives of the word', 'Replace in the words', 'Weigh the word more', 'Mute or unmute the word'])
      expect(await item(name).count(), name).toBe(1);
    await item(/^Lock or unlock the word/).click();
    await expect.poll(() => on.tokens.nth(3).getAttribute('class'), patience).toContain('locked');
    expect(await studio.page.getByTestId('words').locator('.token.locked').count()).toBe(1);
    await studio.page.keyboard.press('Control+z');
    await studio.page.locator('.token.locked').waitFor({ state: 'detached' });
  });

  it('of the original', async () => {
    await openMenu(on.original, 'Picture');
    await item('Read by another reader, or a part alone').waitFor();
    await item(/^Blind spots on or off/).click();
    await studio.page
      .getByText(/% blind/)
      .first()
      .waitFor();
    await studio.page.keyboard.press('n');
  });

  it('of a drawn picture on the canvas and in the strip', async () => {
    await openMenu(studio.page.locator('.drawn').first(), 'Result');
    await studio.page.keyboard.press('Escape');
    await openMenu(on.results.first(), 'Result');
    for (const name of [/^Save the picture as/, /^Copy the picture/, /^Move the result to the trash/])
      expect(await item(name).count()).toBe(1);
    await item(/^Star the result/).click();
    await studio.page
      .getByRole('region', { name: 'Results' })
      .getByRole('button', { name: /^starred/ })
      .waitFor();
  });
});

describe('find and replace in the words', () => {
  const panel = (): Locator => studio.page.getByRole('dialog', { name: 'Find and replace' });

  it('finds with Ctrl+F, goes from place to place, and says how many there are', async () => {
    await on.openLength(75);
    await on.tokens.nth(40).waitFor();
    await on.words.focus();
    await studio.page.keyboard.press('Control+f');
    const query = panel().getByRole('textbox', { name: 'Find', exact: true });
    await query.fill('PIG');
    const places = (await on.text()).split(/\s+/).filter((word) => word === 'pig').length;
    expect(places).toBeGreaterThan(1);
    await panel().getByText(`${places} places`).waitFor();
    await query.press('Enter');
    await query.press('Enter');
    await query.fill('qqzz');
    await panel().getByText('Not in this text.').waitFor();
  });

  it('replaces everywhere with Ctrl+H in one step, which undo takes back', async () => {
    const before = await on.text();
    await panel().getByRole('textbox', { name: 'Find', exact: true }).fill('pig');
    await on.words.focus();
    await studio.page.keyboard.press('Control+h');
    const replacement = panel().getByRole('textbox', { name: 'Replace with' });
    await expect.poll(() => replacement.evaluate((field) => field === document.activeElement), patience).toBe(true);
    await replacement.fill('fox');
    await replacement.press('Enter');
    await expect.poll(() => on.text(), patience).toBe(before.replaceAll(/\bpig\b/g, 'fox'));
    await on.words.focus();
    await studio.page.keyboard.press('Control+z');
    await expect.poll(() => on.text(), patience).toBe(before);
  });

  it('makes room where a typed word does not fit, and takes none that a hand wrote', async () => {
    await on.toEnd();
    await studio.page.keyboard.type(' castle moon');
    await studio.page.getByRole('button', { name: 'Make room', exact: true }).click();
    await studio.page.getByText(/^Taken out: /).waitFor();
    await expect.poll(() => on.text(), patience).toMatch(/castle\s+moon$/);
    await studio.page.getByRole('button', { name: 'Make room', exact: true }).waitFor({ state: 'detached' });
  });
});

describe('choosing among several', () => {
  const variants = (): Locator => studio.page.getByRole('list', { name: 'Pictures to choose among' }).getByRole('button');

  it('chooses with a digit, stars with S and rejects with Delete', async () => {
    await studio.page.getByRole('combobox', { name: 'Pictures to draw' }).selectOption('4');
    await on.generate.click();
    await variants().nth(3).waitFor();
    await studio.page.getByLabel('Canvas').getByRole('toolbar', { name: 'Pictures to choose among' }).waitFor();
    await variants().first().focus();
    await studio.page.keyboard.press('3');
    await expect.poll(() => variants().nth(2).getAttribute('aria-pressed'), patience).toBe('true');
    await studio.page.keyboard.press('s');
    await variants().nth(2).locator('.star').waitFor();
    await studio.page.keyboard.press('2');
    await expect.poll(() => variants().nth(1).getAttribute('aria-pressed'), patience).toBe('true');
    await studio.page.keyboard.press('Delete');
    await expect.poll(() => variants().count(), patience).toBe(3);
  });

  it('complained about nothing on the way', () => {
    expect(studio.complaints).toEqual([]);
  });
});
