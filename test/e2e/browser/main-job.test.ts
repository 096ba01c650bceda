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
});
afterAll(() => studio.close());

/** Where the overlay is clearest and how clear that is, as shares of its size: 0 is fully darkened. */
async function clearest(): Promise<{ x: number; y: number; contrast: number }> {
  return studio.page.getByTestId('attention').evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) throw new Error('The overlay is a canvas.');
    const { width, height } = canvas;
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
    const dark = Array.from({ length: width * height }, (_, patch) => pixels[patch * 4 + 3] ?? 0);
    const at = dark.indexOf(Math.min(...dark));
    return {
      x: ((at % width) + 0.5) / width,
      y: (Math.floor(at / width) + 0.5) / height,
      contrast: Math.max(...dark) - Math.min(...dark),
    };
  });
}

describe('from a sample to words to a picture', () => {
  it('says what the pack knows before anything is open', async () => {
    const canvas = studio.page.getByLabel('Canvas');
    await on.samples.first().waitFor();
    expect(await on.samples.count()).toBe(3);
    expect(await canvas.innerText()).toMatch(/small world: \d+ things/);
    expect(await studio.page.title()).toBe('De-Diffusion Studio');
  });

  it('reads a sample and draws it at once', async () => {
    await on.openSample();
    expect(await on.tokens.count()).toBeGreaterThan(5);
    await on.waitForResults(1);
    await expect.poll(() => studio.page.getByTestId('fidelity').innerText(), patience).toMatch(/[01]\.\d\d/);
  });

  it('shows what a word looked at, and which words looked at a place', async () => {
    let best = { x: 0, y: 0, contrast: -1 };
    let bestIndex = 0;
    for (let index = 0; index < Math.min(12, await on.tokens.count()); index += 1) {
      await on.tokens.nth(index).hover();
      await studio.page.getByTestId('words').locator('.pointed').first().waitFor();
      const here = await clearest();
      if (here.contrast > best.contrast) [best, bestIndex] = [here, index];
    }
    expect(best.contrast).toBeGreaterThan(0);
    const word = await on.tokens.nth(bestIndex).innerText();
    const box = await on.original.boundingBox();
    if (box === null) throw new Error('The original is on the canvas.');
    await studio.page.mouse.move(box.x + best.x * box.width, box.y + best.y * box.height);
    await expect
      .poll(() => studio.page.getByTestId('words').locator('[class*=looked]').allInnerTexts(), patience)
      .toContain(word);
    await studio.page.mouse.move(5, 400);
  });

  it('takes an alternative, and undo brings the word back', async () => {
    const before = await on.text();
    await on.openAlternatives();
    const list = studio.page.getByRole('listbox');
    // The pointer leaves, and what the word looked at stays in sight while its alternatives are open.
    await studio.page.mouse.move(5, 400);
    await studio.page.getByTestId('words').locator('.pointed').first().waitFor();
    await studio.page.keyboard.press('ArrowDown');
    const chosen = await list.getByRole('option', { selected: true }).locator('.text').innerText();
    await studio.page.keyboard.press('Enter');
    await expect.poll(() => on.text(), patience).not.toBe(before);
    expect(await on.text()).toContain(chosen);
    await studio.page.keyboard.press('Control+z');
    await expect.poll(() => on.text(), patience).toBe(before);
  });

  it('takes typed words as written by hand, and says that nothing was measured for them', async () => {
    await on.openLength(5);
    await on.toEnd();
    await studio.page.keyboard.type(' a red fox');
    await expect
      .poll(
        () => on.tokens.evaluateAll((tokens) => tokens.filter((token) => token.classList.contains('from-hand')).length),
        patience,
      )
      .toBe(3);
    expect(await studio.page.getByTestId('fidelity').innerText()).toContain('not measured');
  });

  it('locks, weighs and mutes the word at the caret', async () => {
    await studio.page.keyboard.press('Control+l');
    await studio.page.keyboard.press('Control+ArrowUp');
    await studio.page.keyboard.press('Control+ArrowUp');
    await studio.page.keyboard.press('Control+/');
    const last = on.tokens.last();
    await expect.poll(() => last.getAttribute('class'), patience).toMatch(/muted/);
    expect(await last.getAttribute('class')).toMatch(/locked/);
    expect(await last.getAttribute('data-weight')).toBe('×1.10');
    await studio.page.keyboard.press('Control+/');
    await expect.poll(() => last.getAttribute('class'), patience).not.toMatch(/muted/);
  });

  it('generates, shows progress by name, and cancels', async () => {
    const page = studio.page;
    await on.openSettings();
    await page.getByRole('spinbutton', { name: 'Steps, as a number' }).fill('60');
    await page.keyboard.press('Tab');
    // Long enough to be cancelled on a fast machine as well.
    await page.getByRole('button', { name: 'One picture more' }).click({ clickCount: 15 });
    await on.toEnd();
    await page.keyboard.press('Control+Enter');
    // It has one place, beside Generate.
    await page.getByText(/Denoising \d+\/60/).waitFor();
    expect(await page.getByRole('progressbar').count()).toBe(1);
    await page.keyboard.press('Escape');
    await on.generate.waitFor();
    expect(await on.results.count()).toBe(1);
    await page.getByRole('button', { name: 'Steps: back to the model’s value' }).click();
    await page.getByRole('button', { name: 'One picture less' }).click({ clickCount: 15 });
    await page.keyboard.press('Control+Enter');
    await on.waitForResults(2);
    expect(await page.getByTestId('fidelity').innerText()).toMatch(/[01]\.\d\d/);
  });

  it('compares by slider, difference and before', async () => {
    const page = studio.page;
    await page.getByLabel('Canvas').getByRole('heading').click();
    await page.keyboard.press('c');
    const slider = page.getByRole('slider', { name: 'How much of the original is shown' });
    await slider.focus();
    await page.keyboard.press('Home');
    expect(await slider.inputValue()).toBe('0');
    await page.keyboard.press('c');
    await page.getByLabel(/Difference between original and reconstruction, \d+ of 255/).waitFor();
    await page.keyboard.press('c');
    await page.keyboard.down('b');
    await page.getByText('Before: the original').waitFor();
    await page.keyboard.up('b');
    await page.getByText('Before: the original').waitFor({ state: 'detached' });
    await page.keyboard.press('c');
    await on.original.waitFor();
  });

  it('goes through results with the arrow keys', async () => {
    const chosen = () =>
      studio.page.getByRole('region', { name: 'Results' }).locator('[data-item][aria-pressed=true]').getAttribute('data-item');
    const newest = await chosen();
    await studio.page.keyboard.press('ArrowRight');
    await expect.poll(chosen, patience).not.toBe(newest);
    await studio.page.keyboard.press('ArrowLeft');
    await expect.poll(chosen, patience).toBe(newest);
  });

  it('copies the prompt as each tool takes it', async () => {
    const page = studio.page;
    await page.keyboard.press('Control+Shift+C');
    const dialog = page.getByRole('dialog', { name: 'Copy the prompt' });
    const area = dialog.getByRole('textbox', { name: /The prompt as this tool/ });
    await area.waitFor();
    const plain = await area.inputValue();
    expect(plain).toContain('red fox');
    await dialog.getByText('A1111').click();
    await expect.poll(() => area.inputValue(), patience).toContain('1.1)');
    await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
    await dialog.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await area.inputValue());
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('complained about nothing on the way', () => {
    expect(studio.complaints).toEqual([]);
  });
});
