import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';

let studio: StudioUnderTest;
let folder: string;
beforeAll(async () => {
  studio = await launchStudio();
  folder = await mkdtemp(join(tmpdir(), 'drawn-elsewhere-'));
});
afterAll(async () => {
  await studio.close();
  await rm(folder, { recursive: true });
});

const onePicture = (background: string): Promise<Buffer> =>
  sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .png()
    .toBuffer();

/** Gives a picture to a place as a person does who drops or pastes it there. */
const give = (place: Locator, how: 'drop' | 'paste', picture: Buffer): Promise<void> =>
  place.evaluate(
    (element, { type, base64 }) => {
      const data = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
      data.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
      const usual = { bubbles: true, cancelable: true };
      const event =
        type === 'drop'
          ? new DragEvent(type, { ...usual, dataTransfer: data })
          : new ClipboardEvent(type, { ...usual, clipboardData: data });
      element.dispatchEvent(event);
    },
    { type: how, base64: picture.toString('base64') },
  );

const column = (tool: string): Locator => studio.page.getByRole('group', { name: `Own text, ${tool}` });
const awaited = (): Locator => studio.page.getByRole('region', { name: 'Own text, Midjourney: its picture is missing' });
const shown = (at: number): Promise<string | null> => column('Midjourney').nth(at).getByRole('img').getAttribute('src');

it('a text is drawn here, and handed out for Midjourney', async () => {
  const { page } = studio;
  const on = new StudioPage(page);
  await on.samples.first().waitFor();
  await on.words.click();
  await page.keyboard.type('a red fox in snow');
  await page.getByRole('button', { name: 'Transfer', exact: true }).click();
  await page.getByRole('region', { name: 'Who draws' }).getByRole('checkbox', { name: 'Midjourney' }).check();
  await page.getByRole('spinbutton', { name: 'Seeds for each text' }).fill('2');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Draw 4 pictures' }).click();

  await expect.poll(() => awaited().count(), patience).toBe(2);
  await page.getByText('2 of 4 pictures').waitFor();
  expect(await column('Tiny Scenes').getByRole('img').count()).toBe(2);
  await awaited().nth(1).getByRole('button', { name: 'Copy' }).click();
  await awaited().getByText('Copied').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^a red fox in snow --seed \d+$/);
});

it('its pictures come back as files that are dropped or pasted', async () => {
  // The name of the file tells of no text: it goes where it is let go.
  await give(awaited().nth(1), 'drop', await onePicture('#c02020'));
  await studio.page.getByText('3 of 4 pictures').waitFor();
  await give(awaited(), 'paste', await onePicture('#20c020'));
  await studio.page.getByText('4 of 4 pictures').waitFor();
  await expect.poll(() => awaited().count(), patience).toBe(0);
});

it('another picture, dropped or chosen, takes the place of the one that is there', async () => {
  const [pasted, dropped] = [await shown(0), await shown(1)];
  await give(column('Midjourney').nth(1).getByRole('img'), 'drop', await onePicture('#2020c0'));
  await expect.poll(() => shown(1), patience).not.toBe(dropped);
  const path = join(folder, 'image.png');
  await writeFile(path, await onePicture('#c0c020'));
  const choose = column('Midjourney').first().getByRole('button', { name: 'Choose another picture for Own text, Midjourney' });
  const [chooser] = await Promise.all([studio.page.waitForEvent('filechooser'), choose.click()]);
  await chooser.setFiles(path);
  await expect.poll(() => shown(0), patience).not.toBe(pasted);
  await studio.page.getByText('4 of 4 pictures').waitFor();
  expect(studio.complaints).toEqual([]);
});
