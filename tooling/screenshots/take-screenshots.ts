import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchStudio } from '../../test/helpers/browser-launch-studio.ts';
import { shootArrivals } from './shoot-arrivals.ts';
import { shootBatch } from './shoot-batch.ts';
import { shootBlend } from './shoot-blend.ts';
import { recordMainJob } from './record-main-job.ts';
import { shootCanvas } from './shoot-canvas.ts';
import { shootGuide } from './shoot-guide.ts';
import { StudioPage } from '../../test/helpers/browser-studio-page.ts';
import { shootLibrary } from './shoot-library.ts';
import { shootShell } from './shoot-shell.ts';
import { shootWords } from './shoot-words.ts';

const folder = fileURLToPath(new URL('../../docs/screenshots', import.meta.url));
const samples = 6;
const patienceMs = 180_000;
const looks = {
  dark: { colorScheme: 'dark', contrast: 'no-preference' },
  light: { colorScheme: 'light', contrast: 'no-preference' },
  contrast: { colorScheme: 'dark', contrast: 'more' },
} as const;

/** Where the first of some words stands among the tokens, or the second token when the text has none of them. */
async function findToken(on: StudioPage, words: readonly string[]): Promise<number> {
  const texts = await on.tokens.allInnerTexts();
  const at = texts.findIndex((text) => words.includes(text.toLowerCase()));
  return at < 0 ? 1 : at;
}

const sizes = {
  studio: { width: 1280, height: 800 },
  small: { width: 1024, height: 700 },
  laptop: { width: 1440, height: 900 },
  wide: { width: 1920, height: 1080 },
} as const;

/** Those that whoever starts this names, and all where none is named. */
function asked<Name extends string>(all: Readonly<Record<Name, unknown>>): Name[] {
  const names = Object.keys(all).filter((name): name is Name => name in all);
  const chosen = names.filter((name) => process.argv.includes(name));
  return chosen.length === 0 ? names : chosen;
}

/** Every state of the page, as a person meets them, each in every size and look that was asked for. */
async function tour(): Promise<void> {
  const studio = await launchStudio({ ...looks.dark, viewport: sizes.studio, reducedMotion: 'reduce' });
  const { page } = studio;
  // A person waits for these, and a machine that is busy with other things takes its time.
  page.setDefaultTimeout(patienceMs);
  const on = new StudioPage(page);
  const shoot = async (state: string): Promise<void> => {
    for (const name of asked(sizes)) {
      await page.setViewportSize(sizes[name]);
      for (const look of asked(looks)) {
        await page.emulateMedia(looks[look]);
        // What follows a size does so in a frame of its own.
        await page.evaluate(
          () =>
            new Promise((done) => {
              requestAnimationFrame(() => requestAnimationFrame(done));
            }),
        );
        const path = join(folder, `${name}-${look}-${state}.png`);
        await writeFile(path, await page.screenshot());
        console.log(path);
      }
    }
    await page.setViewportSize(sizes.studio);
    await page.emulateMedia(looks.dark);
  };
  const away = () => page.mouse.move(sizes.studio.width - 20, sizes.studio.height - 150);
  try {
    await on.samples.nth(2).waitFor();
    await page.waitForFunction(() => [...document.images].every((image) => image.complete));
    await shoot('1-welcome');
    await on.openSample(0);
    await on.waitForResults(1);
    await away();
    await shoot('2-read-and-drawn');
    const title = await page.getByLabel('Canvas').getByRole('heading').innerText();
    const subject = await findToken(on, title.toLowerCase().split(' ').slice(0, 1));
    await on.tokens.nth(subject).hover();
    await shoot('3-attention');
    await on.tokens.nth(subject).click();
    await page.getByRole('listbox').waitFor();
    await away();
    await shoot('4-alternatives');
    await page.keyboard.press('Escape');
    const box = await on.original.boundingBox();
    if (box !== null) await page.mouse.move(box.x + box.width * 0.55, box.y + box.height * 0.45);
    await shoot('5-words-that-looked-here');
    await on.openLength(15);
    await on.toEnd();
    await page.keyboard.type(' a red fox');
    await page.locator('.token.from-hand').nth(2).waitFor();
    await page.keyboard.press('Control+l');
    await page.keyboard.press('Control+ArrowUp');
    await page.keyboard.press('Control+ArrowUp');
    await page.locator('.token.weighed').waitFor();
    await away();
    await shoot('6-edited');
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
    await shoot('7-generating');
    await on.waitForResults(6);
    await page.getByRole('button', { name: 'Steps: back to the model’s value' }).click();
    await shoot('8-variants');
    await page.getByRole('button', { name: 'Show it beside the original' }).click();
    await page.getByLabel('Canvas').getByRole('heading').click();
    await page.keyboard.press('c');
    await shoot('8a-slider');
    await page.keyboard.press('c');
    await page.getByLabel(/Difference between original and reconstruction, \d+/).waitFor();
    await shoot('9-difference');
    await shootCanvas(page, shoot);
    await page.keyboard.press('Control+Shift+C');
    const dialog = page.getByRole('dialog', { name: 'Copy the prompt' });
    await dialog.getByText('Midjourney').click();
    await page.waitForTimeout(500);
    await shoot('10-export');
    await page.keyboard.press('Escape');
    await shootWords(page, shoot);
    await shootShell(page, shoot);
    await shootBlend(page, shoot);
    await page.getByRole('button', { name: 'Sample scenes' }).click();
    await page
      .getByRole('dialog', { name: 'Sample scenes' })
      .locator('img')
      .nth(samples - 1)
      .waitFor();
    await page.waitForTimeout(300);
    await shoot('12-samples');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.waitForTimeout(300);
    await shoot('13-keys-and-marks');
    await page.keyboard.press('Escape');
    await shootBatch(page, shoot);
    await shootLibrary(page, shoot);
    await page.getByRole('button', { name: 'Studio', exact: true }).click();
    await shootArrivals(page, shoot);
    await away();
    await studio.killCore();
    await page.getByText('The studio’s core has stopped answering.').waitFor();
    await shoot('14-core-lost');
  } finally {
    await studio.close();
  }
}

const jobs = { guide: shootGuide, 'main-job': recordMainJob } as const;
const isJob = (name: string): name is keyof typeof jobs => Object.hasOwn(jobs, name);
await mkdir(folder, { recursive: true });
/** One job's name leaves everything else out. */
const askedJobs = process.argv.filter(isJob);
const isWhole = process.argv.length === 2;
for (const name of isWhole ? Object.keys(jobs).filter(isJob) : askedJobs) await jobs[name]();
if (askedJobs.length === 0) await tour();
