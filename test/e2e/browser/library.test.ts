import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';
import { uploadSquare } from '../../helpers/browser-upload-square.ts';

let studio: StudioUnderTest;
let on: StudioPage;

beforeAll(async () => {
  studio = await launchStudio();
  on = new StudioPage(studio.page);
});
afterAll(() => studio.close());

const grid = (): Locator => studio.page.getByRole('listbox', { name: 'Library items' });
const cells = (): Locator => grid().getByRole('option');
const chosen = (): Locator => studio.page.locator('[role=option][aria-selected=true]');
const named = (name: string | RegExp): Locator => grid().getByRole('option', { name });
const side = (name: RegExp | string): Locator =>
  studio.page.getByRole('navigation', { name: 'Parts of the library' }).getByRole('button', { name });

describe('the library', () => {
  it('teaches while it is empty', async () => {
    await on.samples.first().waitFor();
    await studio.page.getByRole('button', { name: 'Library', exact: true }).click();
    await studio.page.getByText('Your library begins here').waitFor();
    await studio.page.getByRole('button', { name: 'Go to the Studio' }).click();
    await on.openSample();
    await on.waitForResults(1);
  });

  it('shows what was opened, read and drawn, and what comes in while it is open', async () => {
    await studio.page.getByRole('button', { name: 'Library', exact: true }).click();
    await grid().waitFor();
    await on.spreadStacks();
    await expect.poll(() => cells().count(), patience).toBeGreaterThanOrEqual(3);
    await named(/^Drawn: /)
      .first()
      .waitFor();
    await studio.page.getByText('Queue empty').waitFor();
    const before = await cells().count();
    await uploadSquare(studio.page, 'teal square', 'teal');
    await uploadSquare(studio.page, 'crimson square', 'crimson');
    await uploadSquare(studio.page, 'a third one', 'orange');
    await expect.poll(() => cells().count(), patience).toBe(before + 3);
    await named('Picture: teal square').locator('img:not(.waiting)').waitFor();
  });

  it('finds words, and leaves out by kind', async () => {
    const all = await cells().count();
    const search = studio.page.getByRole('textbox', { name: 'Search the library' });
    await search.fill('square teal');
    await expect.poll(() => cells().count(), patience).toBe(1);
    await search.fill('no such thing anywhere');
    await studio.page.getByText('Nothing matches').waitFor();
    await studio.page.getByRole('button', { name: 'Clear search and filters' }).click();
    await expect.poll(() => cells().count(), patience).toBe(all);
    await studio.page.getByRole('button', { name: 'Drawn', exact: true }).click();
    await expect.poll(() => named(/^(Picture|Text): /).count(), patience).toBe(0);
    expect(await cells().count()).toBeGreaterThanOrEqual(1);
    await studio.page.getByRole('button', { name: 'Drawn', exact: true }).click();
    await expect.poll(() => cells().count(), patience).toBe(all);
    await studio.page.getByRole('combobox', { name: 'Order' }).selectOption('oldest');
    await expect.poll(() => cells().last().locator('.unseen').textContent(), patience).toBe('Picture: a third one');
    await studio.page.getByRole('combobox', { name: 'Order' }).selectOption('newest');
    await expect.poll(() => cells().first().locator('.unseen').textContent(), patience).toBe('Picture: a third one');
  });

  it('stars with a key, and gathers what is starred', async () => {
    await named('Picture: teal square').click();
    await studio.page.keyboard.press('s');
    await named('Picture: teal square, starred').waitFor();
    await side(/^Starred/).click();
    await expect.poll(() => cells().count(), patience).toBe(1);
    await side(/^All items/).click();
  });

  it('goes everywhere by keys', async () => {
    await cells().first().click();
    await studio.page.keyboard.press('ArrowRight');
    await expect.poll(() => chosen().locator('.unseen').textContent(), patience).toBe('Picture: crimson square');
    await studio.page.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => chosen().count(), patience).toBe(2);
    await studio.page.keyboard.press('Control+a');
    await expect.poll(() => chosen().count(), patience).toBe(await cells().count());
    await studio.page.keyboard.press('Escape');
    await expect.poll(() => chosen().count(), patience).toBe(0);
    await studio.page.keyboard.press('Home');
    await expect.poll(() => chosen().locator('.unseen').textContent(), patience).toBe('Picture: a third one');
    await studio.page.keyboard.press(' ');
    await expect.poll(() => chosen().count(), patience).toBe(0);
    await studio.page.keyboard.press(' ');
    await expect.poll(() => chosen().count(), patience).toBe(1);
    expect(await grid().getAttribute('aria-activedescendant')).toBe('library-cell-0');
  });

  it('chooses what a rectangle drawn from empty space touches', async () => {
    const { mouse, keyboard } = studio.page;
    const boxOf = async (cell: Locator) => {
      const box = await cell.boundingBox();
      if (box === null) throw new Error('It is not on screen.');
      return box;
    };
    await cells().last().click();
    const before = await chosen().locator('.unseen').allTextContents();
    const corner = await boxOf(grid());
    const second = await boxOf(cells().nth(1));
    const drawOverTwo = async (): Promise<void> => {
      await mouse.move(corner.x + 6, corner.y + 6);
      await mouse.down();
      await mouse.move(second.x + second.width / 2, second.y + second.height / 2, { steps: 6 });
      await grid().locator('.band').waitFor();
    };
    await drawOverTwo();
    await expect.poll(() => chosen().count(), patience).toBe(2);
    await keyboard.press('Escape');
    await expect.poll(() => chosen().locator('.unseen').allTextContents(), patience).toEqual(before);
    await mouse.up();
    expect(await chosen().count()).toBe(1);
    await keyboard.down('Control');
    await drawOverTwo();
    await mouse.up();
    await keyboard.up('Control');
    await expect.poll(() => chosen().count(), patience).toBe(3);
    expect(await grid().locator('.band').count()).toBe(0);
    await drawOverTwo();
    await mouse.up();
    await expect.poll(() => chosen().count(), patience).toBe(2);
    await mouse.click(corner.x + 6, corner.y + 6);
    await expect.poll(() => chosen().count(), patience).toBe(0);
  });

  it('gathers items on a board, and brings a deleted board back', async () => {
    await studio.page.getByRole('button', { name: 'New board' }).click();
    await studio.page.getByRole('textbox', { name: 'Name of the new board' }).fill('Squares');
    await studio.page.keyboard.press('Enter');
    await side(/^Squares/).waitFor();
    await named('Picture: crimson square').click();
    await studio.page.keyboard.down('Control');
    await named('Picture: teal square').click();
    await studio.page.keyboard.up('Control');
    await studio.page.getByRole('button', { name: 'Add to board' }).click();
    await studio.page.getByRole('menuitem', { name: 'Squares' }).click();
    await side(/^Squares\s*2/).click();
    await expect.poll(() => cells().count(), patience).toBe(2);
    await studio.page.getByRole('button', { name: 'More for Squares' }).click();
    await studio.page.getByRole('menuitem', { name: 'Delete board' }).click();
    await side(/^Squares/).waitFor({ state: 'detached' });
    await studio.page.getByRole('button', { name: 'Undo' }).last().click();
    await side(/^Squares\s*2/).waitFor();
    await side(/^All items/).click();
  });

  it('takes an item dragged on to a board', async () => {
    await named('Picture: a third one').dragTo(side(/^Squares/));
    await side(/^Squares\s*3/).waitFor();
  });

  it('throws away many at once, and takes that back', async () => {
    const all = await cells().count();
    await named('Picture: crimson square').click();
    await named('Picture: a third one').click({ modifiers: ['Control'] });
    await studio.page.keyboard.press('Delete');
    await expect.poll(() => cells().count(), patience).toBe(all - 2);
    await side(/^Trash\s*2/).waitFor();
    await studio.page.keyboard.press('Control+z');
    await expect.poll(() => cells().count(), patience).toBe(all);
  });

  it('deletes for good only after asking', async () => {
    const all = await cells().count();
    await named('Picture: a third one').click();
    await studio.page.keyboard.press('Delete');
    await expect.poll(() => cells().count(), patience).toBe(all - 1);
    await side(/^Trash\s*1/).click();
    await named('Picture: a third one').click();
    await studio.page.getByRole('button', { name: 'Delete for good…' }).click();
    const dialog = studio.page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: 'Keep them' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await cells().count()).toBe(1);
    await studio.page.getByRole('button', { name: 'Empty the trash…' }).click();
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
    await studio.page.getByText('The trash is empty', { exact: true }).waitFor();
    await side(/^All items/).click();
    await expect.poll(() => cells().count(), patience).toBe(all - 1);
  });

  it('shows what a drawn picture came from', async () => {
    await named(/^Drawn: /)
      .first()
      .click();
    await studio.page.keyboard.press('l');
    const graph = studio.page.getByRole('region', { name: 'Graph' });
    await graph.getByRole('button', { name: /^Drawn: .*the one looked at/ }).waitFor();
    expect(await graph.getByRole('button', { name: /^Text: / }).count()).toBe(1);
    await graph.getByRole('button', { name: /^Picture: / }).click();
    await graph.getByRole('button', { name: /^Picture: .*the one looked at/ }).waitFor();
    expect(await graph.getByRole('button', { name: /^Text: / }).count()).toBeGreaterThan(1);
    await studio.page.keyboard.press('Escape');
    await grid().waitFor();
  });

  it('compares any two', async () => {
    await named('Picture: crimson square').click();
    await named('Picture: teal square').click({ modifiers: ['Control'] });
    await studio.page.keyboard.press('c');
    const compare = studio.page.getByRole('region', { name: 'Compare' });
    await compare.getByRole('figure', { name: 'B' }).waitFor();
    const facts = studio.page.getByRole('region', { name: 'Facts of both' });
    await expect.poll(() => facts.innerText(), patience).toMatch(/teal square/);
    await compare.getByRole('radio', { name: 'Slider' }).check({ force: true });
    await compare.getByRole('slider').waitFor();
    await compare.getByRole('radio', { name: 'Difference' }).check({ force: true });
    await compare.getByLabel(/^Difference between .* of 255/).waitFor();
    await compare.getByRole('button', { name: /^Back/ }).click();
    await grid().waitFor();
  });

  it('finds pictures like a picture, and like a sentence', async () => {
    await named('Picture: crimson square').click();
    await studio.page.keyboard.press('f');
    await studio.page.getByText('Like crimson square').waitFor();
    await named('Picture: teal square').first().waitFor();
    expect(await named('Picture: crimson square').count()).toBe(0);
    await studio.page.getByRole('button', { name: 'Clear the search' }).click();
    await studio.page
      .getByRole('radio', { name: 'Pictures like a sentence, or texts where only texts are shown' })
      .check({ force: true });
    await studio.page.getByRole('textbox', { name: 'Find by meaning' }).fill('a red square');
    await studio.page.keyboard.press('Enter');
    await expect.poll(() => named(/^Text: /).count(), patience).toBe(0);
    await expect.poll(() => cells().count(), patience).toBeGreaterThanOrEqual(3);
    await studio.page.getByRole('button', { name: 'Clear the search' }).click();
    await studio.page.getByRole('radio', { name: 'Words in titles, texts and recipes' }).check({ force: true });
  });

  it('opens a drawn picture in the studio with its words and its original', async () => {
    await named(/^Drawn: /)
      .first()
      .click();
    await studio.page.keyboard.press('Enter');
    await on.tokens.first().waitFor();
    await on.original.waitFor();
    await on.results.first().waitFor();
  });

  it('complained about nothing on the way', () => {
    expect(studio.complaints).toEqual([]);
  });
});
