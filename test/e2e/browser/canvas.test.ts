import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boxOf } from '../../helpers/browser-boxes.ts';
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

const figure = async (): Promise<number> => Number((await studio.page.getByTestId('zoom').innerText()).replace(/[^\d.]/g, ''));
const drawn = (): Locator => studio.page.locator('.drawn');

/** Where a point of the window lies in a picture, in shares of its sides. */
async function shareUnder(locator: Locator, x: number, y: number): Promise<{ x: number; y: number }> {
  const box = await boxOf(locator);
  return { x: (x - box.x) / box.width, y: (y - box.y) / box.height };
}

const leaveFields = () => studio.page.getByLabel('Canvas').getByRole('heading').click();

describe('zoom and pan', () => {
  it('zooms to the pointer, and both pictures together', async () => {
    const before = await figure();
    const box = await boxOf(on.original);
    const point = { x: box.x + box.width * 0.4, y: box.y + box.height * 0.4 };
    await studio.page.mouse.move(point.x, point.y);
    await studio.page.mouse.wheel(0, -500);
    await expect.poll(figure, patience).toBeGreaterThan(before * 2);
    const there = await shareUnder(on.original, point.x, point.y);
    await studio.page.mouse.wheel(0, -200);
    await expect.poll(figure, patience).toBeGreaterThan(before * 3.5);
    const still = await shareUnder(on.original, point.x, point.y);
    // A device pixel of rounding is a hundredth of the picture at most.
    expect(Math.abs(still.x - there.x)).toBeLessThan(0.01);
    expect(Math.abs(still.y - there.y)).toBeLessThan(0.01);
    const [left, right] = [await boxOf(on.original), await boxOf(drawn())];
    expect(Math.abs(left.width - right.width)).toBeLessThan(1.5);
    expect(Math.abs(left.y - right.y)).toBeLessThan(1.5);
  });

  it('pans both by dragging, and by keys', async () => {
    const before = [await boxOf(on.original), await boxOf(drawn())];
    const room = await boxOf(studio.page.getByRole('figure', { name: 'Reconstruction' }));
    await studio.page.mouse.move(room.x + room.width / 2, room.y + room.height / 2);
    await studio.page.mouse.down();
    await studio.page.mouse.move(room.x + room.width / 2 - 60, room.y + room.height / 2 - 40, { steps: 6 });
    await studio.page.mouse.up();
    const moved = async (): Promise<number[]> => {
      const after = [await boxOf(on.original), await boxOf(drawn())];
      return after.flatMap((box, index) => [
        Math.round(box.x - (before[index]?.x ?? 0)),
        Math.round(box.y - (before[index]?.y ?? 0)),
      ]);
    };
    const [x = 0, y = 0, otherX = 0, otherY = 0] = await moved();
    expect([x, y].every((way) => way < 0)).toBe(true);
    expect([Math.abs(x - otherX) <= 1, Math.abs(y - otherY) <= 1]).toEqual([true, true]);
    await leaveFields();
    await studio.page.keyboard.press('Shift+ArrowLeft');
    await expect.poll(async () => (await moved())[0] ?? 0, patience).toBeGreaterThan(x);
  });

  it('goes to true size, by round steps and back to fitting, with one key each', async () => {
    await studio.page.keyboard.press('1');
    await expect.poll(figure, patience).toBe(100);
    await studio.page.keyboard.press('+');
    await expect.poll(figure, patience).toBe(150);
    await studio.page.keyboard.press('-');
    await expect.poll(figure, patience).toBe(100);
    await studio.page.keyboard.press('0');
    await expect
      .poll(() => studio.page.getByRole('button', { name: 'Zoom to fit' }).getAttribute('aria-pressed'), patience)
      .toBe('true');
  });

  it('takes the slider and the difference along', async () => {
    await studio.page.keyboard.press('+');
    const percent = await figure();
    await studio.page.keyboard.press('c');
    await studio.page.locator('.slid').waitFor();
    const box = await boxOf(studio.page.locator('.slid'));
    const slider = studio.page.getByRole('slider', { name: 'How much of the original is shown' });
    await studio.page.mouse.move(box.x + box.width * 0.25, box.y + box.height / 2);
    await expect.poll(() => slider.inputValue(), patience).toBe('25');
    await studio.page.keyboard.press('c');
    const difference = await boxOf(studio.page.locator('.difference'));
    expect(Math.abs(difference.width - box.width)).toBeLessThan(1.5);
    expect(await figure()).toBe(percent);
  });
});

describe('difference', () => {
  it('names its metric, its scale and the value under the pointer', async () => {
    const { page } = studio;
    await page.mouse.move(5, 400);
    await page.getByLabel(/Difference between original and reconstruction, \d+ of 255/).waitFor();
    const caption = page.getByRole('figure', { name: 'Difference' });
    expect(await caption.innerText()).toMatch(/128\+[\s\S]*mean \d+\.\d of 255[\s\S]*Δ sRGB/);
    const box = await boxOf(page.locator('.difference'));
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await expect.poll(() => caption.innerText(), patience).toMatch(/here \d+ of 255/);
  });

  it('is heat or a blend, which are not the same picture', async () => {
    const { page } = studio;
    const bytes = () => page.locator('.difference canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const heat = await bytes();
    await page.getByRole('radio', { name: /Difference blend/ }).check({ force: true });
    await expect.poll(bytes, patience).not.toBe(heat);
    await page.getByRole('radio', { name: /Heat map/ }).check({ force: true });
    await expect.poll(bytes, patience).toBe(heat);
    await leaveFields();
    await page.keyboard.press('h');
    await page.keyboard.press('0');
    await on.original.waitFor();
  });
});

describe('blind spots', () => {
  it('shades what no content word looks at, with its share in a sentence', async () => {
    const { page } = studio;
    await page.mouse.move(5, 400);
    await page.keyboard.press('n');
    const caption = page.getByRole('figure', { name: 'Original' });
    await expect.poll(() => caption.innerText(), patience).toMatch(/\d+% blind.*no word looks there|No blind spot/);
    const share = /(\d+)% blind/.exec(await caption.innerText())?.[1];
    const patches = page.getByTestId('blind-spots').locator('span');
    const shaded = await page.getByTestId('blind-spots').locator('.hidden').count();
    expect(Math.abs((shaded / (await patches.count())) * 100 - Number(share ?? 0))).toBeLessThan(1);
    await page.keyboard.press('n');
    await page.getByTestId('blind-spots').waitFor({ state: 'detached' });
  });
});

describe('length and fidelity', () => {
  it('measures every length with one job, and can be stopped', async () => {
    const { page } = studio;
    const measure = page.getByRole('button', { name: /Measure the fidelity of every length/ });
    await measure.click();
    await page.getByRole('button', { name: 'Stop measuring' }).click();
    await measure.waitFor();
    await measure.click();
    for (const length of [5, 15, 75]) {
      await page.getByRole('radio', { name: new RegExp(`^${length} tokens, fidelity [01]\\.\\d\\d plus or minus`) }).waitFor();
    }
    await measure.waitFor();
  });

  it('says when a text was edited since', async () => {
    const { page } = studio;
    await on.openLength(5);
    await on.toEnd();
    await page.keyboard.type(' fox');
    await page.getByRole('radio', { name: /^5 tokens, fidelity .* before it was edited/ }).waitFor();
  });
});

describe('results', () => {
  it('stars, and shows the star to everybody', async () => {
    const { page } = studio;
    await leaveFields();
    await page.keyboard.press('s');
    await page
      .getByRole('region', { name: 'Results' })
      .getByRole('button', { name: /^starred/ })
      .waitFor();
    await page.keyboard.press('s');
    await expect
      .poll(
        () =>
          page
            .getByRole('region', { name: 'Results' })
            .getByRole('button', { name: /^starred/ })
            .count(),
        patience,
      )
      .toBe(0);
  });

  it('goes to the trash and comes back', async () => {
    const { page } = studio;
    const count = await on.results.count();
    await page.keyboard.press('Delete');
    await expect.poll(() => on.results.count(), patience).toBe(count - 1);
    await page.getByRole('button', { name: 'Undo', exact: true }).last().click();
    await expect.poll(() => on.results.count(), patience).toBe(count);
  });

  it('compares any two', async () => {
    const { page } = studio;
    await leaveFields();
    await page.keyboard.press('Shift+C');
    await page.getByRole('figure', { name: 'Result A' }).waitFor();
    const shown = () => page.getByRole('figure', { name: 'Result B' }).locator('img').first().getAttribute('src');
    const before = await shown();
    await page.locator('[data-item]:not(.compared):not([aria-pressed=true])').first().click();
    await expect.poll(shown, patience).not.toBe(before);
    await leaveFields();
    await page.keyboard.press('h');
    await page.getByLabel(/Difference between results A and B, \d+ of 255/).waitFor();
    await page.keyboard.press('h');
    await page.getByRole('button', { name: 'Stop comparing two results' }).click();
    await on.original.waitFor();
  });

  it('opens an earlier text, and undo goes back', async () => {
    const { page } = studio;
    const now = await on.text();
    expect(now).toMatch(/fox$/);
    await page
      .getByRole('region', { name: 'Results' })
      .getByRole('button', { name: /^Open this text, 5 tokens/ })
      .first()
      .click();
    await expect.poll(() => on.text(), patience).not.toBe(now);
    await leaveFields();
    await page.keyboard.press('Control+z');
    await expect.poll(() => on.text(), patience).toBe(now);
  });
});

describe('history', () => {
  it('lists steps and drawings, and goes to a step', async () => {
    const { page } = studio;
    await leaveFields();
    await page.keyboard.press('y');
    const history = page.getByRole('dialog', { name: 'History' });
    await history.getByRole('button', { name: /^Drew/ }).first().waitFor();
    const edited = await on.text();
    await history.getByRole('button', { name: /^Open Pig/ }).click();
    await expect.poll(() => on.text(), patience).not.toBe(edited);
    await history.getByRole('button', { name: /^Type/ }).first().click();
    await expect.poll(() => on.text(), patience).toBe(edited);
    await leaveFields();
    await page.keyboard.press('y');
    await on.generate.waitFor();
  });
});

it('complained about nothing on the way', () => {
  expect(studio.complaints).toEqual([]);
});
