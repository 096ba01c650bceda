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

describe('generate', () => {
  it('keeps settings as a preset', async () => {
    const { page } = studio;
    await page.getByRole('spinbutton', { name: 'Steps, as a number' }).fill('3');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Keep these settings as a preset' }).click();
    await page.getByRole('textbox', { name: 'Name of the preset' }).fill('Sketch');
    await page.keyboard.press('Enter');
    const preset = page.getByRole('combobox', { name: 'Preset' });
    await expect.poll(() => preset.inputValue(), patience).toBe('Sketch');
    await preset.selectOption('Fine');
    expect(await page.getByRole('spinbutton', { name: 'Steps, as a number' }).inputValue()).not.toBe('3');
    await preset.selectOption('Sketch');
    expect(await page.getByRole('spinbutton', { name: 'Steps, as a number' }).inputValue()).toBe('3');
  });

  it('takes more than one drawing at a time', async () => {
    const { page } = studio;
    const count = await on.results.count();
    await preset('Fine');
    // Four, so that the first is still drawn when the second is asked for, however slow the page is.
    const pictures = page.getByRole('combobox', { name: 'Pictures to draw' });
    await pictures.selectOption('4');
    await on.generate.click();
    await page.getByRole('button', { name: /Add to the queue/ }).click();
    await page
      .getByText(/· 1 waiting/)
      .first()
      .waitFor();
    await expect.poll(() => on.results.count(), { timeout: 150_000 }).toBe(count + 8);
    await on.generate.waitFor();
    await pictures.selectOption('1');
  });

  it('draws in another shape, and shows it in that shape', async () => {
    const { page } = studio;
    const count = await on.results.count();
    await preset('Draft');
    await page.getByRole('combobox', { name: 'Size' }).selectOption('192 × 128');
    await on.generate.click();
    await expect.poll(() => on.results.count(), patience).toBe(count + 1);
    await on.generate.waitFor();
    await page
      .getByRole('figure', { name: 'Reconstruction' })
      .getByText(/^192 × 128/)
      .waitFor();
    const box = await page.locator('.drawn').boundingBox();
    expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(1.5, 2);
    await preset('The model’s own');
  });

  it('draws anew what is painted over, and nothing else', async () => {
    const { page } = studio;
    const count = await on.results.count();
    await preset('Draft');
    await page.getByRole('button', { name: 'Mask: paint what is drawn anew' }).click();
    const box = await page.locator('.paint').boundingBox();
    if (box === null) throw new Error('The picture that is painted over is on screen.');
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.5);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.5);
    await page.mouse.up();
    await page
      .getByRole('toolbar', { name: 'Mask: paint what is drawn anew' })
      .getByText(/^\d+% is drawn anew\.$/)
      .waitFor();
    await page.getByRole('button', { name: /^Done/ }).click();
    await page.getByText('Only what is painted is drawn anew.').waitFor();
    const [asked] = await Promise.all([page.waitForRequest('**/rpc/jobs/submit'), on.generate.click()]);
    expect(asked.postData()).toContain('maskSha256');
    await expect.poll(() => on.results.count(), patience).toBe(count + 1);
  });

  it('reads weights as another program does, keeps that, and says so of the picture', async () => {
    const { page } = studio;
    const count = await on.results.count();
    await preset('Draft');
    await page.getByText('Advanced', { exact: true }).click();
    const emphasis = page.getByRole('combobox', { name: 'Weights as in' });
    expect(await emphasis.inputValue()).toBe('a1111');
    await emphasis.selectOption('ComfyUI');
    await page.getByRole('textbox', { name: 'Negative' }).fill('a tall tree');
    const [asked] = await Promise.all([page.waitForRequest('**/rpc/jobs/submit'), on.generate.click()]);
    expect(asked.postData()).toContain('"emphasis":"comfyui"');
    await expect.poll(() => on.results.count(), patience).toBe(count + 1);
    await on.generate.waitFor();
    await on.tool('Facts of the picture shown').click();
    const facts = page.getByRole('region', { name: 'The picture shown' });
    await facts.getByRole('definition').filter({ hasText: 'ComfyUI' }).waitFor();
    await facts.getByRole('definition').filter({ hasText: 'a tall tree' }).waitFor();
    await page.reload();
    await on.openSettings();
    await expect.poll(() => emphasis.inputValue(), patience).toBe('comfyui');
    await page.getByRole('button', { name: 'Library', exact: true }).click();
    await on.spreadStacks();
    await page
      .getByRole('option', { name: /^Drawn: / })
      .first()
      .click();
    await page.getByRole('term').filter({ hasText: 'Weights as in' }).waitFor();
    await page.getByRole('definition').filter({ hasText: 'ComfyUI' }).waitFor();
  });

  const preset = (name: string) => studio.page.getByRole('combobox', { name: 'Preset' }).selectOption(name);

  it('complained about nothing on the way', () => {
    expect(studio.complaints).toEqual([]);
  });
});
