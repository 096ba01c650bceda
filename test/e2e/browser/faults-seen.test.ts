import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fillTransfer } from '../../helpers/browser-fill-transfer.ts';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import { boxOf } from '../../helpers/browser-boxes.ts';
import { listCutWords } from '../../helpers/browser-cut-words.ts';
import { patience } from '../../helpers/browser-patience.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';
import { makePictureFolder } from '../../helpers/make-picture-folder.ts';

let studio: StudioUnderTest;
let on: StudioPage;
let folder = '';
const go = (place: string) =>
  studio.page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: place, exact: true }).click();

beforeAll(async () => {
  studio = await launchStudio({ viewport: { width: 1024, height: 700 }, reducedMotion: 'reduce' });
  on = new StudioPage(studio.page);
  await on.openSample();
  folder = await makePictureFolder(3);
});
afterAll(async () => {
  await studio.close();
  if (folder !== '') await rm(dirname(folder), { recursive: true, force: true });
});

it('the slider of the library lies under nothing in a window of 1024', async () => {
  await go('Library');
  const slider = studio.page.getByRole('slider').first();
  await slider.waitFor();
  const isOnTop = await slider.evaluate((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [0.05, 0.5, 0.95].every((share) => document.elementFromPoint(x + width * share, y + height / 2) === element);
  });
  expect(isOnTop).toBe(true);
});

it('nothing of the library is cut or takes a third row in a window of 1024', async () => {
  await studio.page.getByRole('listbox', { name: 'Library items' }).getByRole('option').first().click();
  const details = studio.page.getByRole('complementary', { name: 'Details' });
  await details.getByRole('img').waitFor();
  const edges = [details, details.getByRole('img')].map((part) => part.boundingBox());
  const [panel, picture] = (await Promise.all(edges)).map((box) => (box === null ? 0 : box.x + box.width));
  expect(picture).toBeLessThanOrEqual(panel ?? 0);
  const bar = await studio.page.getByRole('group', { name: 'Search and filters' }).boundingBox();
  expect(bar?.height).toBeLessThan(100);
});

it('what is done with chosen items stands in one line in a window of 1024', async () => {
  await on.spreadStacks();
  // Two pictures: more can be done with them than with texts.
  const items = studio.page
    .getByRole('listbox', { name: 'Library items' })
    .getByRole('option')
    .filter({ hasText: /^\s*(Picture|Drawn): /, hasNotText: 'Loading' });
  await items.nth(1).waitFor();
  await items.nth(0).click();
  await items.nth(1).click({ modifiers: ['Control'] });
  const bar = studio.page.getByRole('toolbar', { name: 'Chosen items' });
  const middles: number[] = [];
  for (const name of ['Star', 'Add to board', 'Compare', 'Choose nothing']) {
    const { y, height } = await boxOf(bar.getByRole('button', { name: new RegExp(`^${name}`) }));
    middles.push(y + height / 2);
  }
  expect(Math.max(...middles) - Math.min(...middles)).toBeLessThan(1);
  const beyond = await bar.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  expect(beyond).toBe(0);
});

it.each([1024, 800])('no place is wider or higher than a window of %i', async (width) => {
  await studio.page.setViewportSize({ width, height: 700 });
  for (const place of ['Studio', 'Blend', 'Transfer', 'Library', 'Batch', 'Models', 'Help', 'Settings']) {
    await go(place);
    await studio.page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
    // What the core says of itself comes later, and makes the settings long.
    if (place === 'Settings') await studio.page.getByRole('heading', { name: 'About', exact: true }).waitFor();
    const size = await studio.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]);
    expect([place, ...size]).toEqual([place, width, 700]);
  }
});

it('a section of the settings is shown within its place, and the window stays', async () => {
  await go('Settings');
  const sections = studio.page.getByRole('navigation', { name: 'Sections of the settings' });
  await studio.page.getByRole('heading', { name: 'About', exact: true }).waitFor();
  await sections.getByRole('button', { name: 'About' }).click();
  await expect
    .poll(() => studio.page.getByRole('region', { name: 'Settings' }).evaluate(({ scrollTop }) => scrollTop), patience)
    .toBeGreaterThan(0);
  expect(await studio.page.evaluate(() => document.documentElement.scrollTop)).toBe(0);
});

it('no line of the settings divides what belongs together', async () => {
  await go('Settings');
  const heading = studio.page.getByRole('heading', { name: 'Keys of other programs' });
  await heading.scrollIntoViewIfNeeded();
  const texts = await heading.evaluate((title) => {
    const found: string[] = [];
    for (let next = title.nextElementSibling; next !== null && next.tagName !== 'H3'; next = next.nextElementSibling)
      found.push(next.textContent.trim().replaceAll(/\s+/g, ' '));
    return found;
  });
  expect(texts).toHaveLength(1);
  expect(texts[0]).toMatch(/^None is set\. /);
});

it('a long text of a grid ends with a whole line', async () => {
  await go('Studio');
  await on.openLength(75);
  await on.tokens.nth(40).waitFor();
  await fillTransfer(studio.page);
  const lines = await studio.page
    .getByRole('region', { name: '75 tokens' })
    .evaluate((text) => [
      text.clientHeight / Number.parseFloat(getComputedStyle(text).lineHeight),
      text.scrollHeight - text.clientHeight,
    ]);
  expect(Math.abs((lines[0] ?? 0.5) - Math.round(lines[0] ?? 0))).toBeLessThan(0.06);
  expect(lines[1]).toBeGreaterThan(0);
  await go('Studio');
  await on.openLength(15);
});

it('what scrolls has the studio’s own bars', async () => {
  await go('Settings');
  const colours = await studio.page.evaluate(
    () => getComputedStyle(document.querySelector('main') ?? document.body).scrollbarColor,
  );
  expect(colours).not.toBe('auto');
});

it('a batch whose files still arrive is not done, and the queue not empty', async () => {
  const card = studio.page.getByRole('complementary', { name: 'Batches' }).locator('[data-batch]');
  const queue = studio.page.getByRole('contentinfo');
  let letThrough = (): void => undefined;
  const held = new Promise<void>((resolve) => (letThrough = resolve));
  let first = true;
  await studio.page.route('**/images', async (route) => {
    if (first) first = false;
    else await held;
    await route.continue();
  });
  await go('Batch');
  await studio.page.getByLabel('Folder for a batch').setInputFiles(folder);
  await studio.page.getByRole('row').filter({ hasText: 'Done' }).waitFor();
  await queue.getByText('files on their way').waitFor();
  expect(await card.locator('.lucide-check').count()).toBe(0);
  expect(await queue.innerText()).not.toContain('Queue empty');
  letThrough();
  await queue.getByText('Queue empty').waitFor();
  await card.locator('.lucide-check').waitFor();
  await studio.page.unroute('**/images');
});

it('one file that failed colours its part of the batch’s bar alone', async () => {
  await go('Batch');
  await studio.page.getByLabel('Folder for a batch').setInputFiles(folder);
  await studio.page.getByRole('row').filter({ hasText: 'Done' }).nth(2).waitFor();
  await studio.page.getByRole('row').filter({ hasText: 'Failed' }).first().waitFor();
  const widthOf = async (kind: string): Promise<number> => {
    const widths = await studio.page
      .locator(`.bar .${kind}`)
      .evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().width));
    return widths.reduce((sum, width) => sum + width, 0);
  };
  // Widths change in the time that motion takes.
  await expect
    .poll(async () => (await widthOf('failed')) > 0 && (await widthOf('failed')) * 2 < (await widthOf('done')), patience)
    .toBe(true);
});

it('what a batch does stands over its whole width, whatever can be pressed beside its name', async () => {
  await studio.page.setViewportSize({ width: 1024, height: 700 });
  await go('Batch');
  const parts = [studio.page.getByText(/^Reads 15 tokens/), studio.page.getByRole('grid')].map((part) => part.boundingBox());
  const [settings, table] = await Promise.all(parts);
  expect(settings?.width).toBeGreaterThan((table?.width ?? Infinity) - 40);
});

it('the list of keys has a heading', async () => {
  await studio.page.keyboard.press('?');
  const heading = studio.page.getByRole('dialog').getByRole('heading', { name: 'Keys and marks' });
  expect(await heading.evaluate((element) => getComputedStyle(element).fontSize)).toBe('15px');
  await studio.page.keyboard.press('Escape');
});

it('the table of a batch is whole in a window of 1024', async () => {
  await studio.page.setViewportSize({ width: 1024, height: 700 });
  await go('Batch');
  const beyond = await studio.page.getByRole('grid').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  expect(beyond).toBe(0);
});

it('rows that are chosen move nothing of a batch in a window of 1024', async () => {
  const rows = studio.page
    .getByRole('grid')
    .getByRole('row')
    .filter({ hasText: /picture \d\.png.*Done/s });
  await go('Batch');
  await studio.page.getByRole('main').getByRole('button', { name: '75 tokens', exact: true }).click();
  await studio.page.getByLabel('Folder for a batch').setInputFiles(folder);
  await studio.page.getByRole('radiogroup', { name: 'Text to show' }).waitFor();
  await rows.nth(2).waitFor();
  await studio.page.getByText('Queue empty').waitFor();
  const { y } = await boxOf(studio.page.getByRole('grid'));
  await rows.first().click();
  for (const at of [1, 2]) await rows.nth(at).click({ modifiers: ['Control'] });
  await studio.page.getByText('3 chosen').waitFor();
  expect((await boxOf(studio.page.getByRole('grid'))).y).toBe(y);
});

it('names of items and boards end with a whole word in a window of 1024', async () => {
  await go('Library');
  await studio.page.getByRole('button', { name: 'New board' }).click();
  await studio.page.getByRole('textbox', { name: 'Name of the new board' }).fill('Quiet scenes');
  await studio.page.keyboard.press('Enter');
  await studio.page.mouse.move(500, 500);
  const board = studio.page.getByRole('button', { name: /^Quiet scenes/ });
  await board.waitFor();
  expect(await listCutWords(board.locator('.name'))).toEqual([]);
  await studio.page.getByRole('button', { name: 'Stacks', exact: true }).click();
  const names = studio.page.getByRole('listbox', { name: 'Library items' }).locator('.caption .name');
  await names.nth(3).waitFor();
  for (const name of await names.all()) expect(await listCutWords(name)).toEqual([]);
  // Where the mouse is, the menu of a board takes the place of its count.
  await board.hover();
  const menu = studio.page.getByRole('button', { name: 'More for Quiet scenes' });
  await expect.poll(() => menu.evaluate((element) => getComputedStyle(element).opacity), patience).toBe('1');
});
