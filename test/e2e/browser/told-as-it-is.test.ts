import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { dropOn } from '../../helpers/browser-drop.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';
import { drawTestPicture } from '../cli/draw-test-picture.ts';

let studio: StudioUnderTest;
let on: StudioPage;

beforeAll(async () => {
  studio = await launchStudio();
  on = new StudioPage(studio.page);
  await on.samples.first().waitFor();
  const bytes = await drawTestPicture(3, 120);
  await dropOn(studio.page, { files: [{ name: 'shapes.png', type: 'image/png', bytes }] });
  await on.waitForResults(1);
});
afterAll(() => studio.close());

describe('what stands beside pictures', () => {
  it('is the size of the original while B holds it up', async () => {
    const { page } = studio;
    const drawn = page.getByRole('figure', { name: 'Reconstruction' });
    await drawn.getByText(/^\d+ × \d+/).waitFor();
    const caption = await drawn.innerText();
    expect(caption).not.toContain('120 × 120');
    await on.original.focus();
    await page.keyboard.down('b');
    const before = page.getByRole('figure', { name: 'Before: the original' });
    await before.getByText(/^120 × 120/).waitFor();
    await page.keyboard.up('b');
    await expect.poll(() => drawn.innerText(), patience).toBe(caption);
  });

  it('are numbers in the corner of their thumbnails', async () => {
    const [picture, number] = await Promise.all([
      on.results.first().locator('img').boundingBox(),
      on.results.first().locator('.figure').boundingBox(),
    ]);
    if (picture === null || number === null) throw new Error('The result is on screen.');
    expect(number.x).toBeGreaterThanOrEqual(picture.x);
    const [right, bottom] = [
      picture.x + picture.width - number.x - number.width,
      picture.y + picture.height - number.y - number.height,
    ];
    expect(Math.min(right, bottom)).toBeGreaterThanOrEqual(0);
    expect(Math.max(right, bottom)).toBeLessThan(6);
  });
});

describe('what the words become elsewhere', () => {
  it('says of a text without drift where a tool stops reading', async () => {
    const { page } = studio;
    await on.openLength(75);
    await expect.poll(() => on.tokens.count(), patience).toBeGreaterThan(60);
    await on.toEnd();
    await page.keyboard.type(' one two three four five six seven eight nine ten eleven twelve');
    await page.getByRole('button', { name: /tokens · cut/ }).waitFor();
    await page.getByRole('button', { name: /^Drift \d/ }).click();
    const drift = page.getByRole('dialog', { name: 'Drift' });
    await drift.getByText(/SDXL reads only the first 75 of \d+ tokens\./).waitFor();
    await page.keyboard.press('Escape');
    await drift.waitFor({ state: 'detached' });
  });

  it('says that an aspect is none, and writes one only where it was asked for', async () => {
    const { page } = studio;
    await page.keyboard.press('Control+Shift+C');
    const copying = page.getByRole('dialog', { name: 'Copy the prompt' });
    const area = copying.getByRole('textbox', { name: /The prompt as this tool/ });
    await copying.getByText('Midjourney').click();
    const aspect = copying.getByRole('textbox', { name: /^Aspect/ });
    await aspect.fill('wide');
    await copying.getByRole('alert').getByText('“wide” is no aspect').waitFor();
    expect(await area.inputValue()).not.toContain('--ar');
    await aspect.fill('16 x 9');
    await copying.getByRole('alert').waitFor({ state: 'detached' });
    await expect.poll(() => area.inputValue(), patience).toContain('--ar 16:9');
    await copying.getByText('SDXL').click();
    await expect.poll(() => area.inputValue(), patience).not.toContain('--ar');
    expect(await copying.innerText()).not.toContain('16:9');
    await copying.getByText('Midjourney').click();
    await copying.getByText('Written as --no once there is something').waitFor();
    await page.keyboard.press('Escape');
    await copying.waitFor({ state: 'detached' });
  });

  it('says in the panel of Midjourney where its negative comes from', async () => {
    const { page } = studio;
    await on.openSettings();
    await page.getByRole('textbox', { name: 'Negative' }).fill('blurred');
    await page.keyboard.press('Tab');
    await on.words.focus();
    await page.keyboard.press('Control+Shift+C');
    const copying = page.getByRole('dialog', { name: 'Copy the prompt' });
    await copying.getByText('Written as --no. It is the negative text of the drawing settings too.').waitFor();
    const area = copying.getByRole('textbox', { name: /The prompt as this tool/ });
    await expect.poll(() => area.inputValue(), patience).toContain('--no blurred');
    await copying.getByRole('textbox', { name: 'Negative' }).fill('grey');
    await expect.poll(() => area.inputValue(), patience).toContain('--no grey');
    await page.keyboard.press('Escape');
    await on.openSettings();
    expect(await page.getByRole('textbox', { name: 'Negative' }).inputValue()).toBe('grey');
  });

  it('complained about nothing on the way', () => {
    expect(studio.complaints).toEqual([]);
  });
});
