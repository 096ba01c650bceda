import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { dropOn } from '../../helpers/browser-drop.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { pngWith } from '../../helpers/metadata-files.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';

let studio: StudioUnderTest;
let on: StudioPage;

beforeAll(async () => {
  studio = await launchStudio();
  on = new StudioPage(studio.page);
  await on.samples.first().waitFor();
});
afterAll(() => studio.close());

/** A wide picture with a red square in its middle. */
async function widePicture(): Promise<Buffer> {
  const square = await sharp({ create: { width: 120, height: 120, channels: 3, background: '#c02020' } })
    .png()
    .toBuffer();
  return sharp({ create: { width: 600, height: 300, channels: 3, background: '#80b0e0' } })
    .composite([{ input: square }])
    .png()
    .toBuffer();
}

const drop = (name: string, type: string, bytes: Buffer) => dropOn(studio.page, { files: [{ name, type, bytes }] });

describe('pictures of one’s own', () => {
  it('reads a dropped picture and frames the part it read', async () => {
    await drop('red square.png', 'image/png', await widePicture());
    await on.tokens.first().waitFor();
    await expect.poll(() => studio.page.title(), patience).toContain('red square');
    await studio.page.getByText('600 × 300').waitFor();
    await studio.page.getByText('the framed part is read').waitFor();
    await on.waitForResults(1);
  });

  it('says what is wrong with a file that is no picture, and keeps the words', async () => {
    const before = await on.text();
    await drop('notes.png', 'image/png', Buffer.from('these are notes'));
    const failure = studio.page.getByRole('alert');
    await failure.waitFor();
    expect((await failure.innerText()).split('\n').length).toBeGreaterThan(1);
    expect(await on.text()).toBe(before);
    await failure.getByText('Details').click();
    await failure.getByText('code', { exact: true }).waitFor();
    await failure.getByRole('button', { name: 'Dismiss' }).click();
    await failure.waitFor({ state: 'detached' });
  });

  it('opens a picture from the file dialog', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pictures-in-'));
    const path = join(folder, 'green.jpg');
    await sharp({ create: { width: 64, height: 64, channels: 3, background: '#20a040' } })
      .jpeg()
      .toFile(path);
    await studio.chooseFile(() => studio.page.keyboard.press('Control+o'), path);
    await expect.poll(() => studio.page.title(), patience).toContain('green');
    await on.waitForResults(1);
    await rm(folder, { recursive: true });
  });

  it('undoes back to the picture before', async () => {
    await studio.page.getByLabel('Canvas').getByRole('heading').click();
    for (let step = 0; step < 4 && !(await studio.page.title()).includes('red square'); step += 1) {
      await studio.page.keyboard.press('Control+z');
    }
    await expect.poll(() => studio.page.title(), patience).toContain('red square');
    await on.waitForResults(1);
  });
});

describe('a picture of a kind that the pack does not know', () => {
  it('has a band over its words, which leads to what the pack knows', async () => {
    const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 };
    const strange = sharp({ create: { width: 200, height: 200, channels: 3, background: '#808080', noise } });
    const band = studio.page.getByTestId('outside-world');
    await drop('strange.png', 'image/png', await strange.png().toBuffer());
    await expect.poll(() => studio.page.title(), patience).toContain('strange');
    await band.getByRole('button', { name: 'What it knows' }).click();
    await band.waitFor({ state: 'detached' });
    await studio.page.getByRole('heading', { name: 'Models' }).waitFor();
    await studio.page.getByRole('button', { name: 'Studio', exact: true }).click();
    await band.getByText('Tiny Scenes does not know pictures of this kind. It knows 52 things').waitFor();
    await band.getByRole('button', { name: 'Other readers' }).click();
    await expect.poll(() => studio.page.getByRole('radio', { name: 'Available' }).isChecked(), patience).toBe(true);
    await studio.page.getByRole('button', { name: 'Studio', exact: true }).click();
    await band.waitFor();
  });

  it('has a line of its words in sight under the band in a small window', async () => {
    const { page } = studio;
    const size = page.viewportSize();
    await page.setViewportSize({ width: 1024, height: 700 });
    const first = on.tokens.first();
    const room = page.getByTestId('words').locator('.cm-scroller');
    const below = async (): Promise<number> => {
      const [word, around] = [await first.boundingBox(), await room.boundingBox()];
      if (word === null || around === null) return Number.NEGATIVE_INFINITY;
      return around.y + around.height - (word.y + word.height);
    };
    // As far as words fade that go on out of sight.
    await expect.poll(below, patience).toBeGreaterThanOrEqual(20);
    if (size !== null) await page.setViewportSize(size);
  });
});

it('what a stranger wrote into a picture is letters, and is taken after a yes', async () => {
  const text = 'a <img src=x onerror=alert(1)> fox\nNegative prompt: dog\nSteps: 2, Sampler: Euler, CFG scale: 3, Seed: 41';
  await drop('told.png', 'image/png', await pngWith([['parameters', text]]));
  const card = studio.page.getByRole('region', { name: 'told says how it was made' });
  await card.waitFor();
  expect(await card.innerText()).toContain('a <img src=x onerror=alert(1)> fox');
  await card.getByRole('button', { name: 'Use text and settings' }).click();
  await expect.poll(() => on.text(), patience).toContain('<img src=x');
  expect(await studio.page.locator('img[src="x"]').count()).toBe(0);
});

it('the Library offers the same of the picture that is chosen', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: 'Library', exact: true }).click();
  await on.spreadStacks();
  const offer = page.getByRole('button', { name: 'How it was made' });
  await page.getByRole('option', { name: 'Picture: told' }).click();
  await offer.waitFor();
  await page.getByRole('option', { name: 'Picture: red square' }).click();
  await offer.waitFor({ state: 'detached' });
  await page.getByRole('option', { name: 'Picture: told' }).click();
  await offer.click();
  await page.getByRole('region', { name: 'told says how it was made' }).waitFor();
});
