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

describe('the picture that is asked', () => {
  it('answers from its words by key, and shows which of them in text and picture', async () => {
    const { page } = studio;
    await page.keyboard.press('Control+Shift+A');
    const dock = page.getByRole('dialog', { name: 'Ask the picture' });
    await dock.getByRole('textbox', { name: /^A question/ }).fill('What is it?');
    await page.keyboard.press('Enter');
    const answer = dock.getByRole('region', { name: 'Answer' });
    await answer.waitFor();
    expect(await answer.getByRole('status').first().innerText()).toContain('pig');
    // What the words looked at is laid over the picture.
    await page.locator('.original canvas').first().waitFor();
    await expect.poll(() => page.locator('.token .pointed, .pointed').count(), patience).toBeGreaterThan(0);
    await dock.getByText('by rules and not by a language model', { exact: false }).waitFor();
  });

  it('says what it cannot tell', async () => {
    const dock = studio.page.getByRole('dialog', { name: 'Ask the picture' });
    await dock.getByRole('textbox', { name: /^A question/ }).fill('Is there a submarine?');
    await dock.getByRole('button', { name: 'Ask', exact: true }).click();
    await dock.getByText('This cannot be told from the text.').waitFor();
  });

  it('gives tags, which become words with one act and go again with one', async () => {
    const dock = studio.page.getByRole('dialog', { name: 'Ask the picture' });
    const before = await on.text();
    await dock.getByRole('button', { name: 'Tags' }).click();
    await dock.getByRole('button', { name: 'Add to the words' }).click();
    await expect.poll(() => on.text(), patience).toContain(`${before} `);
    await studio.page.getByRole('button', { name: /^Undo/ }).click();
    await expect.poll(() => on.text(), patience).toBe(before);
  });
});

describe('words to look at', () => {
  it('are named beside plain ones, and replaced by one press', async () => {
    const { page } = studio;
    await on.toEnd();
    await page.keyboard.type(' beyonce');
    await on.tool(/^Polish/).click();
    const dock = page.getByRole('dialog', { name: 'Polish the words' });
    const before = await on.text();
    await dock.getByRole('button', { name: /^Replace “beyonce”/ }).click();
    await expect.poll(() => on.text(), patience).not.toContain('beyonce');
    await page.getByRole('button', { name: /^Undo/ }).click();
    await expect.poll(() => on.text(), patience).toBe(before);
  });

  it('are marked among the words, and replaced from there as well', async () => {
    const { page } = studio;
    const marked = page.getByTestId('words').locator('.hinted');
    // A mark for each token of the word.
    await expect.poll(async () => (await marked.allInnerTexts()).join(''), patience).toBe('beyonce');
    const before = await on.text();
    await on.toEnd();
    const bar = page.getByRole('region', { name: 'Words', exact: true });
    await bar.getByText('a person’s name', { exact: false }).waitFor();
    await bar.getByRole('button', { name: /^Replace “beyonce”/ }).click();
    await expect.poll(() => on.text(), patience).toContain('singer');
    await expect.poll(() => marked.count(), patience).toBe(0);
    await page.getByRole('button', { name: /^Undo/ }).click();
    await expect.poll(() => on.text(), patience).toBe(before);
  });

  it('and the text are made shorter, as a difference to be accepted', async () => {
    const dock = studio.page.getByRole('dialog', { name: 'Polish the words' });
    const before = await on.text();
    await dock.getByRole('spinbutton', { name: 'Most tokens' }).fill('6');
    await dock.getByRole('button', { name: 'Shorten to' }).click();
    await dock.getByTestId('token-diff').waitFor();
    expect(await on.text()).toBe(before);
    await dock.getByRole('button', { name: 'Accept' }).click();
    await expect.poll(async () => (await on.text()).split(/\s+/u).length, patience).toBeLessThanOrEqual(6);
  });
});

it('ends without a complaint of the page', () => {
  expect(studio.complaints).toEqual([]);
});
