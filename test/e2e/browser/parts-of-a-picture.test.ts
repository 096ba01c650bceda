import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';

let studio: StudioUnderTest;
let on: StudioPage;
let panel: Locator;
/** Of the picture on screen, in shares of its sides. */
const heart = { left: 0.3, top: 0.25, right: 0.75, bottom: 0.7 };

beforeAll(async () => {
  studio = await launchStudio();
  on = new StudioPage(studio.page);
  await on.openSample();
  await on.waitForResults(1);
  await on.tool(/^Other readers/).click();
  panel = studio.page.getByRole('dialog', { name: 'Other readers' });
  await panel.getByRole('combobox', { name: 'Read also by' }).selectOption({ label: 'De-Diffusion encoder' });
});
afterAll(() => studio.close());

const outline = () => studio.page.getByTestId('picture-part').locator('.above');
const corners = async (): Promise<number> => ((await outline().getAttribute('points')) ?? '').split(' ').length;
const numberOf = async (name: string): Promise<number> => Number(await panel.getByRole('spinbutton', { name }).inputValue());

/** Draws on the original through points, in shares of its sides. */
async function drag(points: readonly (readonly [number, number])[]): Promise<void> {
  const box = await studio.page.getByTestId('part-drawer').boundingBox();
  if (box === null) throw new Error('The original cannot be drawn on.');
  const { mouse } = studio.page;
  for (const [at, [x, y]] of points.entries()) {
    await mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 3 });
    if (at === 0) await mouse.down();
  }
  await mouse.up();
}

it('a lasso is drawn on the original, and Escape gives up the next one', async () => {
  await panel.getByRole('button', { name: 'Lasso' }).click();
  const middle = [(heart.left + heart.right) / 2, (heart.top + heart.bottom) / 2] as const;
  const radius = (heart.right - heart.left) / 2;
  await drag(
    Array.from({ length: 17 }, (_, at) => {
      const angle = (at / 16) * 2 * Math.PI;
      return [middle[0] + radius * Math.cos(angle), middle[1] + radius * Math.sin(angle)] as const;
    }),
  );
  const drawn = await corners();
  expect(drawn).toBeGreaterThan(8);
  // What was drawn stands in numbers, of the picture's own pixels.
  const { width } = await studio.page.evaluate(() => {
    const picture = document.querySelector<HTMLImageElement>('[role=application] img');
    return { width: picture?.naturalWidth ?? 0 };
  });
  expect((await numberOf('From the left')) / width).toBeCloseTo(heart.left, 1);
  expect((await numberOf('Width')) / width).toBeCloseTo(heart.right - heart.left, 1);

  await panel.getByRole('button', { name: 'Rectangle' }).click();
  await panel.getByText('Draw on the original. Escape stops it.').waitFor();
  await studio.page.keyboard.press('Escape');
  await panel.getByText('Draw on the original. Escape stops it.').waitFor({ state: 'detached' });
  // The panel stays for the next one; what was drawn stays too.
  await panel.getByRole('button', { name: 'Rectangle' }).waitFor();
  expect(await corners()).toBe(drawn);
});

it('the part is read alone, and drawn anew with the rest of the original as it was', async () => {
  await panel.getByRole('button', { name: 'Read this part' }).click();
  const card = panel.getByRole('article').filter({ hasText: 'Of a part of the picture' });
  await card.waitFor();
  const read = await card.locator('.text').innerText();
  await card.getByRole('button', { name: /^Draw only this part anew/ }).click();
  await on.waitForResults(2);
  // Its text is the open one, because it is what was drawn.
  await expect.poll(() => on.text(), patience).toBe(read);
  const difference = await studio.page.evaluate(async ({ left, top, right, bottom }) => {
    const side = 64;
    const pixelsOf = async (selector: string): Promise<Uint8ClampedArray> => {
      const shown = document.querySelector<HTMLImageElement>(selector);
      if (shown === null) throw new Error(`There is no ${selector}.`);
      const bitmap = await createImageBitmap(await (await fetch(shown.src)).blob(), {
        resizeWidth: side,
        resizeHeight: side,
        resizeQuality: 'high',
      });
      const context = new OffscreenCanvas(side, side).getContext('2d');
      if (context === null) throw new Error('There is no canvas.');
      context.drawImage(bitmap, 0, 0);
      return context.getImageData(0, 0, side, side).data;
    };
    const [original, result] = await Promise.all([
      pixelsOf('[role=application] img'),
      pixelsOf('[aria-label=Results] [data-item]:first-child img'),
    ]);
    const sums = { inside: [0, 0], outside: [0, 0] };
    for (let at = 0; at < side * side; at += 1) {
      const [x, y] = [(at % side) / side, Math.floor(at / side) / side];
      // Far outside: what the autoencoder mixes at the edge is neither.
      const isOutside = x < left - 0.12 || x > right + 0.12 || y < top - 0.12 || y > bottom + 0.12;
      const isInside = x > left + 0.1 && x < right - 0.1 && y > top + 0.1 && y < bottom - 0.1;
      const sum = isOutside ? sums.outside : isInside ? sums.inside : null;
      if (sum === null) continue;
      for (let channel = 0; channel < 3; channel += 1)
        sum[0] = (sum[0] ?? 0) + Math.abs((original[at * 4 + channel] ?? 0) - (result[at * 4 + channel] ?? 0)) / 255;
      sum[1] = (sum[1] ?? 0) + 3;
    }
    const mean = ([total = 0, count = 1]: readonly number[]) => total / count;
    return { inside: mean(sums.inside), outside: mean(sums.outside) };
  }, heart);
  expect(difference.outside).toBeLessThan(0.03);
  expect(difference.inside).toBeGreaterThan(2 * difference.outside);
});

it('subject and background are read apart in one act and joined, each word of its region', async () => {
  await panel.getByRole('button', { name: 'Clear' }).click();
  await panel.getByRole('button', { name: 'Read it and the rest apart' }).click();
  const card = panel.getByRole('article').filter({ hasText: 'Of a part of the picture' });
  await card.locator('img').waitFor({ timeout: 60_000 });
  const joined = await card.locator('.text').innerText();
  const before = await on.text();
  await card.getByRole('button', { name: /^Use this text/ }).click();
  await expect.poll(() => on.text(), patience).toBe(joined);
  // The first words looked at the part, the last ones at what is around it.
  const lookedAt = async (token: Locator): Promise<string> => {
    await token.hover();
    await studio.page.getByTestId('attention').waitFor();
    return studio.page.getByTestId('attention').evaluate((one) => JSON.stringify(one.getBoundingClientRect()));
  };
  const [first, last] = [await lookedAt(on.tokens.first()), await lookedAt(on.tokens.last())];
  expect(first).not.toBe(last);
  await on.words.focus();
  await studio.page.keyboard.press('Control+z');
  await expect.poll(() => on.text(), patience).toBe(before);
  expect(studio.complaints).toEqual([]);
});
