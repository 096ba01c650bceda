import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listViolations, putInAxe } from '../../helpers/browser-axe.ts';
import { dropOn } from '../../helpers/browser-drop.ts';
import { fillBlend } from '../../helpers/browser-fill-blend.ts';
import { fillTransfer } from '../../helpers/browser-fill-transfer.ts';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';
import { findSmallTargets } from '../../helpers/browser-small-targets.ts';
import { makePictureFolder } from '../../helpers/make-picture-folder.ts';

describe('in dark, light, high contrast and the system’s own colours', () => {
  let studio: StudioUnderTest;
  let on: StudioPage;

  beforeAll(async () => {
    studio = await launchStudio({ bypassCSP: true, reducedMotion: 'reduce' });
    on = new StudioPage(studio.page);
    await on.samples.first().waitFor();
    await putInAxe(studio.page);
  });
  afterAll(() => studio.close());

  const violations = (): Promise<string[]> => listViolations(studio.page);

  it('welcomes', async () => {
    expect(await violations()).toEqual([]);
  });

  it('shows words and pictures', async () => {
    await on.openSample();
    await on.waitForResults(1);
    await on.tokens.nth(2).hover();
    expect(await violations()).toEqual([]);
  });

  it('shows alternatives', async () => {
    await on.tokens.nth(2).click();
    await studio.page.getByRole('listbox').waitFor();
    expect(await violations()).toEqual([]);
    await studio.page.keyboard.press('Escape');
  });

  it('shows hand-written, muted, locked and weighed words', async () => {
    await on.toEnd();
    await studio.page.keyboard.type(' red');
    await studio.page.keyboard.press('Control+l');
    await studio.page.keyboard.press('Control+ArrowUp');
    await studio.page.keyboard.press('Control+/');
    await studio.page.locator('.token.muted').waitFor();
    expect(await violations()).toEqual([]);
  });

  it.each([
    ['Copy the prompt', 'Copy the prompt'],
    ['Facts of the picture shown', 'Facts of the picture shown'],
    ['Words by kind', 'Words by kind'],
    ['Find and replace', 'Find and replace'],
    ['What the model heard', 'What the model heard'],
    ['Sample scenes', 'Sample scenes'],
    ['Keys and marks', 'Keys and marks'],
    [/^Drift/, 'Drift'],
    [/tokens/, 'Tokens per target'],
    [/CPU|No device/, 'Device'],
    [/Queue|running/, 'Queue'],
    ['Nothing leaves this machine', 'Privacy'],
    ['Other readers', 'Other readers'],
  ])('opens %s', async (button, dialog) => {
    await studio.page.getByRole('button', { name: button }).first().click();
    await studio.page.getByRole('dialog', { name: dialog }).waitFor();
    expect(await violations()).toEqual([]);
    await studio.page.keyboard.press('Escape');
    await studio.page.getByRole('dialog', { name: dialog }).waitFor({ state: 'detached' });
  });

  it('shows the tools of the words, and what they found', async () => {
    const { page } = studio;
    const tools = page.getByRole('group', { name: 'Tools of the words' });
    await on.openLength(15);
    for (const [button, dialog] of [
      [/^Solve again/, 'Solve again around locked words'],
      [/^Compare two versions/, 'Compare two versions'],
      [/^Value of each word/, 'Value of each word'],
    ] as const) {
      await tools.getByRole('button', { name: button }).click();
      await page.getByRole('dialog', { name: dialog }).waitFor();
      expect(await violations()).toEqual([]);
      if (dialog === 'Value of each word') break;
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name: dialog }).waitFor({ state: 'detached' });
    }
    await page.getByRole('button', { name: 'Measure', exact: true }).click();
    await page.getByRole('table').waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await on.openAlternatives();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+Enter');
    await page.getByTestId('trial').locator('figure:last-child img[src^="shown/"]').waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('proposes a text and an address, and tells what could not come in', async () => {
    const { page } = studio;
    const file = (name: string, type: string) => ({ files: [{ name, type, bytes: Buffer.from('a red fox') }] });
    await dropOn(page, file('notes.txt', 'text/plain'));
    await page.getByRole('button', { name: 'Use this text' }).waitFor();
    expect(await violations()).toEqual([]);
    await dropOn(page, { texts: { 'text/uri-list': 'https://museum.example/fox.jpg' } });
    await page.getByRole('button', { name: 'Fetch the picture' }).waitFor();
    await dropOn(page, { texts: { 'text/uri-list': 'https://museum.example/page' } });
    await page.getByRole('button', { name: 'Dismiss' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByRole('button', { name: 'Not now' }).click();
  });

  it.each(['Models', 'Settings', 'Help'])('shows %s', async (place) => {
    await studio.page.getByRole('button', { name: place, exact: true }).click();
    await studio.page.getByRole('heading', { name: place, level: 1 }).waitFor();
    expect(await violations()).toEqual([]);
  });

  it('shows models that can be brought, and the forms of connections and templates', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Models', exact: true }).click();
    await page.getByRole('radio', { name: 'Available' }).check({ force: true });
    await page.getByRole('heading', { name: /^Stable Diffusion 1\.5 draws/ }).waitFor();
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByRole('button', { name: 'Add one by its address' }).click();
    await page.getByRole('form', { name: 'A connection' }).waitFor();
    await page.getByRole('button', { name: 'Edit Blend' }).click();
    await page.getByRole('form', { name: /Blend/ }).waitFor();
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Studio', exact: true }).click();
  });

  it('shows Blend, with what a side can be chosen from, what was drawn and what could not be opened', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Blend', exact: true }).click();
    await page.getByRole('region', { name: /^A, / }).getByRole('button', { name: 'Choose…' }).click();
    await page.getByRole('dialog').getByRole('searchbox').waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await fillBlend(page);
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Studio', exact: true }).click();
  });

  it('shows Transfer, with what was drawn', async () => {
    await fillTransfer(studio.page);
    const found = await violations();
    await studio.page.getByRole('button', { name: 'Studio', exact: true }).click();
    expect(found).toEqual([]);
  });

  it('opens the command palette', async () => {
    await studio.page.keyboard.press('Control+k');
    const palette = studio.page.getByRole('dialog', { name: 'Command palette' });
    await palette.getByRole('option').first().waitFor();
    expect(await violations()).toEqual([]);
    await studio.page.keyboard.type('qqzzxx');
    await palette.getByText('Nothing is called that here.').waitFor();
    expect(await violations()).toEqual([]);
    await studio.page.keyboard.press('Escape');
    await palette.waitFor({ state: 'detached' });
  });

  it('compares by slider and difference', async () => {
    await studio.page.getByLabel('Canvas').getByRole('heading').click();
    await studio.page.keyboard.press('c');
    expect(await violations()).toEqual([]);
    await studio.page.keyboard.press('c');
    expect(await violations()).toEqual([]);
  });

  it('shows the canvas zoomed, blind spots, two results and history', async () => {
    const { page } = studio;
    await page.getByLabel('Canvas').getByRole('heading').click();
    await page.keyboard.press('h');
    await on.original.waitFor();
    await page.keyboard.press('+');
    await page.keyboard.press('n');
    expect(await violations()).toEqual([]);
    await page.keyboard.press('n');
    await page.keyboard.press('0');
    await on.generate.click();
    await on.waitForResults(2);
    await page.getByLabel('Canvas').getByRole('heading').click();
    await page.keyboard.press('Shift+C');
    await page.getByRole('figure', { name: 'Result A' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Shift+C');
    await page.keyboard.press('y');
    await page.getByRole('button', { name: /^Drew/ }).first().waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('y');
  });

  it('shows advanced settings', async () => {
    await on.openSettings();
    await studio.page.getByText('Advanced').click();
    expect(await violations()).toEqual([]);
  });

  it('shows batches, empty and at work', async () => {
    const { page } = studio;
    const folder = await makePictureFolder(6);
    await page.getByRole('button', { name: 'Batch', exact: true }).click();
    await page.getByRole('button', { name: 'Choose a folder' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.getByRole('checkbox', { name: 'Draw each text and compare' }).check();
    await page.getByLabel('Folder for a batch').setInputFiles(folder);
    await page.getByRole('row').filter({ hasText: 'Failed' }).waitFor();
    await page.getByRole('row').filter({ hasText: 'Done' }).first().waitFor();
    expect(await violations()).toEqual([]);
    // Rows come in groups; all of them are chosen where all of them are here.
    await page.locator('[role=grid][aria-rowcount="8"]').waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Control+a');
    await page.getByText('7 chosen').waitFor();
    await page.getByRole('button', { name: 'Save table…' }).click();
    await page.getByRole('dialog', { name: 'Save the table' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Remove from the list/ }).click();
    await page.getByRole('button', { name: 'Choose a folder' }).waitFor();
    await page.getByRole('button', { name: 'Studio', exact: true }).click();
    await rm(dirname(folder), { recursive: true, force: true });
  });

  it('shows the library, its bar, a lineage, a comparison and the trash', async () => {
    const { page } = studio;
    const option = page.getByRole('listbox', { name: 'Library items' }).getByRole('option');
    await page.getByRole('button', { name: 'Library', exact: true }).click();
    const stack = page.getByRole('option', { name: /^Stack: / }).first();
    await stack.click();
    await page.getByRole('complementary', { name: 'Details' }).getByRole('button', { name: 'Open the stack' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Back/ }).waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await stack.waitFor();
    await new StudioPage(page).spreadStacks();
    await option.nth(2).waitFor();
    await option.first().click();
    await page.getByRole('complementary', { name: 'Details' }).getByRole('button', { name: 'Lineage' }).waitFor();
    expect(await violations()).toEqual([]);
    await option.nth(1).click({ modifiers: ['Control'] });
    await page.getByRole('toolbar', { name: 'Chosen items' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('c');
    await page.getByRole('region', { name: 'Facts of both' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await option.first().click();
    await page.keyboard.press('l');
    await page.getByRole('region', { name: 'Graph' }).getByRole('button').first().waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await option.first().click();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: /^Trash\s*1/ }).click();
    await page.getByRole('button', { name: 'Empty the trash…' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Studio', exact: true }).click();
  });

  it('says that the core is gone, with targets of at least 28 px, and has the manual without it', async () => {
    await studio.killCore();
    await studio.page.getByText('The studio’s core has stopped answering.').waitFor();
    expect([...(await violations()), ...(await findSmallTargets(studio.page))]).toEqual([]);
    await studio.page.keyboard.press('F1');
    await studio.page.getByRole('navigation', { name: 'Pages of the manual' }).getByText('When something is wrong').click();
    await studio.page.getByRole('heading', { name: 'The core has stopped answering' }).waitFor();
  });
});
