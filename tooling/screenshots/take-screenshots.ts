import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { StudioUnderTest } from '../../test/helpers/browser-launch-studio.ts';
import { StudioPage } from '../../test/helpers/browser-studio-page.ts';
import { recordMainJob } from './record-main-job.ts';
import { shootGuide } from './shoot-guide.ts';
import { looks, readTourOptions, sizes } from './tour-options.ts';
import type { State, TourOptions } from './tour-options.ts';
import { visitArrivals } from './visit-arrivals.ts';
import { visitBatch } from './visit-batch.ts';
import { visitBlend } from './visit-blend.ts';
import { visitCanvas } from './visit-canvas.ts';
import { visitLibrary } from './visit-library.ts';
import { visitShell } from './visit-shell.ts';
import { visitWords } from './visit-words.ts';

const folder = fileURLToPath(new URL('../../docs/screenshots', import.meta.url));
const samples = 6;
const patienceMs = 420_000;

/** Where the first of some words stands among the tokens, or the second token when the text has none of them. */
async function findToken(on: StudioPage, words: readonly string[]): Promise<number> {
  const texts = await on.tokens.allInnerTexts();
  const at = texts.findIndex((text) => words.includes(text.toLowerCase()));
  return at < 0 ? 1 : at;
}

/** Every state of the page, as a person meets them: what asks for the next goes on with the visit. */
async function* visit(studio: StudioUnderTest): AsyncGenerator<State> {
  const { page } = studio;
  const on = new StudioPage(page);
  const away = () => page.mouse.move(sizes.studio.width - 20, sizes.studio.height - 150);
  await on.samples.nth(2).waitFor();
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  yield '1-welcome';
  await on.openSample(0);
  await on.waitForResults(1);
  await away();
  yield '2-read-and-drawn';
  const title = await page.getByLabel('Canvas').getByRole('heading').innerText();
  const subject = await findToken(on, title.toLowerCase().split(' ').slice(0, 1));
  await on.tokens.nth(subject).hover();
  yield '3-attention';
  await on.tokens.nth(subject).click();
  await page.getByRole('listbox').waitFor();
  await away();
  yield '4-alternatives';
  await page.keyboard.press('Escape');
  const box = await on.original.boundingBox();
  if (box !== null) await page.mouse.move(box.x + box.width * 0.55, box.y + box.height * 0.45);
  yield '5-words-that-looked-here';
  await on.openLength(15);
  await on.toEnd();
  await page.keyboard.type(' a red fox');
  await page.locator('.token.from-hand').nth(2).waitFor();
  await page.keyboard.press('Control+l');
  await page.keyboard.press('Control+ArrowUp');
  await page.keyboard.press('Control+ArrowUp');
  await page.locator('.token.weighed').waitFor();
  await away();
  yield '6-edited';
  await page.keyboard.press('Control+Enter');
  await on.waitForResults(2);
  await on.openSettings();
  await page.getByRole('button', { name: 'One picture more' }).click({ clickCount: 3 });
  await page.getByRole('spinbutton', { name: 'Steps, as a number' }).fill('150');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Control+Enter');
  await page
    .getByText(/Denoising [1-3]\d/)
    .first()
    .waitFor();
  yield '7-generating';
  await on.waitForResults(6);
  await page.getByRole('button', { name: 'Steps: back to the model’s value' }).click();
  yield '8-variants';
  await page.getByRole('button', { name: 'Show it beside the original' }).click();
  await page.getByLabel('Canvas').getByRole('heading').click();
  await page.keyboard.press('c');
  yield '8a-slider';
  await page.keyboard.press('c');
  await page.getByLabel(/Difference between original and reconstruction, \d+/).waitFor();
  yield '9-difference';
  yield* visitCanvas(page);
  await page.keyboard.press('Control+Shift+C');
  const dialog = page.getByRole('dialog', { name: 'Copy the prompt' });
  await dialog.getByText('Midjourney').click();
  await page.waitForTimeout(500);
  yield '10-export';
  await page.keyboard.press('Escape');
  yield* visitWords(page);
  yield* visitShell(page);
  yield* visitBlend(page);
  await page.getByRole('button', { name: 'Sample scenes' }).click();
  await page
    .getByRole('dialog', { name: 'Sample scenes' })
    .locator('img')
    .nth(samples - 1)
    .waitFor();
  await page.waitForTimeout(300);
  yield '12-samples';
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.waitForTimeout(300);
  yield '13-keys-and-marks';
  await page.keyboard.press('Escape');
  yield* visitBatch(page);
  yield* visitLibrary(page);
  await page.getByRole('button', { name: 'Studio', exact: true }).click();
  yield* visitArrivals(page);
  await away();
  await studio.killCore();
  await page.getByText('The studio’s core has stopped answering.').waitFor();
  yield '14-core-lost';
}

/** Every state that was asked for, in every size and look that was asked for. */
async function tour(options: TourOptions): Promise<void> {
  const { launchStudio } =
    options.face === 'desktop'
      ? await import('../../test/helpers/electron-launch-studio.ts')
      : await import('../../test/helpers/browser-launch-studio.ts');
  const studio = await launchStudio({ viewport: sizes.studio, reducedMotion: 'reduce', deviceScaleFactor: options.scale });
  const left = new Set(options.states);
  try {
    // A person waits for these, and a machine that is busy with other things takes its time.
    studio.page.setDefaultTimeout(patienceMs);
    for await (const state of visit(studio)) {
      if (left.delete(state)) await shoot(studio, state, options);
      if (left.size === 0) break;
    }
  } finally {
    await studio.close();
  }
  if (left.size > 0) throw new Error(`The tour never came by ${[...left].join(', ')}.`);
}

async function shoot(studio: StudioUnderTest, state: State, options: TourOptions): Promise<void> {
  const face = options.face === 'desktop' ? 'desktop-' : '';
  const scale = options.scale === 1 ? '' : `@${options.scale}x`;
  for (const size of options.sizes) {
    await studio.resize(sizes[size]);
    for (const look of options.looks) {
      await studio.page.emulateMedia(looks[look]);
      await untilDrawn(studio.page);
      const path = join(folder, `${face}${size}-${look}-${state}${scale}.png`);
      await writeFile(path, await studio.page.screenshot());
      console.log(path);
    }
  }
  await studio.resize(sizes.studio);
  await studio.page.emulateMedia(looks.dark);
}

/** What follows a size does so in a frame of its own. */
function untilDrawn(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise((done) => {
        requestAnimationFrame(() => requestAnimationFrame(() => done()));
      }),
  );
}

const options = readTourOptions(process.argv.slice(2));
if (typeof options === 'string') {
  console.error(options);
  process.exitCode = 2;
} else {
  await mkdir(folder, { recursive: true });
  const isWhole = process.argv.length === 2;
  if (isWhole || options.jobs.includes('guide')) await shootGuide();
  if (isWhole || options.jobs.includes('main-job')) await recordMainJob();
  if (options.jobs.length === 0) await tour(options);
}
