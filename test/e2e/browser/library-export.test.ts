import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';

let studio: StudioUnderTest;

beforeAll(async () => {
  studio = await launchStudio();
  await new StudioPage(studio.page).openLibraryOfSample();
  await drawn().waitFor();
});
afterAll(() => studio.close());

const named = (name: RegExp): Locator => studio.page.getByRole('option', { name });
const drawn = (): Locator => named(/^Drawn: /);
const button = (name: string): Locator => studio.page.getByRole('button', { name });
const clipboard = (): Promise<string> => studio.page.evaluate(() => navigator.clipboard.readText());

describe('out of the library', () => {
  it('saves one picture under a name the person gives', async () => {
    await drawn().click();
    expect((await studio.saveFile(() => button('Save as…').click())).slice(1, 4)).toBe('PNG');
  });

  it('saves the chosen pictures in a folder, and leaves texts out', async () => {
    await drawn().click();
    await studio.page.keyboard.press('Control+a');
    const names = await studio.saveFiles(() => button('Save the pictures as files').click(), 2);
    await studio.page.getByText('2 pictures saved in').waitFor();
    expect(names.filter((name) => /, seed \d+\.png$/.test(name))).toHaveLength(1);
    expect(names).toHaveLength(2);
  });

  it('copies the chosen texts, one a line', async () => {
    await drawn().click();
    await button('Copy text').click();
    await studio.page.getByText('The text is on the clipboard.').waitFor();
    const drawnFrom = await clipboard();
    await studio.page.keyboard.press('Control+a');
    await studio.page.keyboard.press('Control+Shift+c');
    await studio.page.getByText('4 texts on the clipboard.').waitFor();
    const lines = (await clipboard()).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines).toContain(drawnFrom);
  });

  it('complained about nothing on the way', () => {
    expect(studio.complaints).toEqual([]);
  });
});
