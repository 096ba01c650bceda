import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';

let studio: StudioUnderTest;

beforeAll(async () => {
  studio = await launchStudio();
  const on = new StudioPage(studio.page);
  await on.samples.first().waitFor();
  await on.openSample();
  await on.waitForResults(1);
});
afterAll(() => studio.close());

const grid = (): Locator => studio.page.getByRole('listbox', { name: 'Library items' });
const cells = (): Locator => grid().getByRole('option');
const chosen = (): Locator => studio.page.locator('[role=option][aria-selected=true]');
const named = (name: string | RegExp): Locator => grid().getByRole('option', { name });

describe('stacks of the library', () => {
  it('stacks what was made from one picture, opens that and goes back, by mouse and by keys', async () => {
    await studio.page.getByRole('button', { name: 'Library', exact: true }).click();
    await studio.page.getByText('Queue empty').waitFor();
    const stack = named(/^Stack: .*, 2 pictures and \d+ texts?$/);
    await stack.waitFor();
    expect(await cells().count()).toBe(1);
    await grid().locator('.heading', { hasText: 'Today' }).waitFor();
    await stack.click();
    await studio.page.keyboard.press('Enter');
    await named(/^Drawn: /)
      .first()
      .waitFor();
    const members = await cells().count();
    expect(members).toBeGreaterThanOrEqual(3);
    await expect.poll(() => chosen().count(), patience).toBe(1);
    await studio.page.keyboard.press('ArrowRight');
    await expect.poll(() => grid().getAttribute('aria-activedescendant'), patience).toBe('library-cell-1');
    await studio.page.keyboard.press('Escape');
    await stack.waitFor();
    await expect.poll(() => chosen().count(), patience).toBe(1);
    await grid().locator('[data-act=stack]').click();
    await expect.poll(() => cells().count(), patience).toBe(members);
    await studio.page.getByRole('button', { name: /^Back/ }).click();
    await stack.waitFor();
  });

  it('does to a stack what is done to it, says to how much, and takes it back', async () => {
    const stack = named(/^Stack: /);
    await stack.click({ button: 'right' });
    const trash = studio.page.getByRole('menuitem', { name: /^Trash 2 pictures and \d+ texts?/ });
    await trash.waitFor();
    await studio.page.getByRole('menuitem', { name: /^Save 2 pictures/ }).waitFor();
    await trash.click();
    await studio.page.getByText(/items moved to the trash/).waitFor();
    await stack.waitFor({ state: 'detached' });
    await studio.page.keyboard.press('Control+z');
    await stack.waitFor();
  });

  it('takes another title with Shift+F2, and spreads stacks out by a switch that is remembered', async () => {
    await named(/^Stack: /).click();
    await studio.page.keyboard.press('Shift+F2');
    await expect.poll(() => studio.page.evaluate(() => document.activeElement?.id), patience).toBe('library-title');
    await studio.page.keyboard.type('The first one');
    await studio.page.keyboard.press('Enter');
    await named(/^Stack: The first one, /).waitFor();
    await expect.poll(() => studio.page.evaluate(() => document.activeElement?.id), patience).toBe('library-grid');
    await studio.page.getByRole('button', { name: 'Stacks', exact: true }).click();
    await named('Picture: The first one').waitFor();
    await studio.page.reload();
    await named('Picture: The first one').waitFor();
    expect(await studio.page.getByRole('button', { name: 'Stacks', exact: true }).getAttribute('aria-pressed')).toBe('false');
  });

  it('complained about nothing on the way', () => {
    expect(studio.complaints).toEqual([]);
  });
});
