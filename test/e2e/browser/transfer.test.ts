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

it('places of Midjourney take pictures that are dropped, pasted or chosen, and others for them later', async () => {
  const { page } = studio;
  const on = new StudioPage(page);
  await on.samples.first().waitFor();
  await on.words.click();
  await page.keyboard.type('a red fox in snow');
  await page.getByRole('button', { name: 'Transfer', exact: true }).click();
  const tools = page.getByRole('region', { name: 'Who draws' });
  await tools.getByRole('checkbox', { name: 'Tiny Scenes' }).uncheck();
  await tools.getByRole('checkbox', { name: 'Midjourney' }).check();
  await page.getByRole('spinbutton', { name: 'Seeds for each text' }).fill('2');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Draw 2 pictures' }).click();

  const places = page.getByRole('group', { name: 'Own text, Midjourney' });
  const awaited = page.getByRole('region', { name: 'Own text, Midjourney: its picture is missing' });
  await expect.poll(() => awaited.count(), patience).toBe(2);
  const shown = (at: number) => places.nth(at).getByRole('img').getAttribute('src');
  // The name of the file tells of no text: it goes where it is let go.
  await give(awaited.nth(1), 'drop', await onePicture('#c02020'));
  await page.getByText('1 of 2 pictures').waitFor();
  const dropped = await shown(1);
  await give(awaited, 'paste', await onePicture('#20c020'));
  await page.getByText('2 of 2 pictures').waitFor();
  const pasted = await shown(0);

  await give(places.nth(1).getByRole('img'), 'drop', await onePicture('#2020c0'));
  await expect.poll(() => shown(1), patience).not.toBe(dropped);
  const path = join(folder, 'image.png');
  await writeFile(path, await onePicture('#c0c020'));
  const choose = places.first().getByRole('button', { name: 'Choose another picture for Own text, Midjourney' });
  await studio.chooseFile(() => choose.click(), path);
  await expect.poll(() => shown(0), patience).not.toBe(pasted);
  await page.getByText('2 of 2 pictures').waitFor();
  expect(studio.complaints).toEqual([]);
});
