import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { launchStudio } from '../../test/helpers/browser-launch-studio.ts';
import { StudioPage } from '../../test/helpers/browser-studio-page.ts';

const file = fileURLToPath(new URL('../../docs/screenshots/main-job.webp', import.meta.url));
const size = { width: 1120, height: 700 };
/** What a README may weigh. */
const mostBytes = 3_000_000;

/** A picture that moves: a scene is opened, read and drawn, one of its words changed, drawn again and compared. */
export async function recordMainJob(): Promise<void> {
  const studio = await launchStudio({ viewport: size, reducedMotion: 'reduce' });
  const { page } = studio;
  const on = new StudioPage(page);
  const frames: Buffer[] = [];
  const delaysMs: number[] = [];
  const take = async (shownMs: number): Promise<void> => {
    frames.push(await page.screenshot());
    delaysMs.push(shownMs);
  };
  /** What changes until something is there; a slow machine makes no long wait of it. */
  const takeUntil = async (done: Promise<void>): Promise<void> => {
    let over = false;
    const end = done.finally(() => (over = true));
    while (!over) {
      await take(180);
      if (frames.at(-2)?.equals(frames.at(-1) ?? Buffer.alloc(0)) !== true) continue;
      frames.pop();
      delaysMs.pop();
    }
    await end;
  };
  try {
    await on.samples.nth(2).waitFor();
    await page.waitForFunction(() => [...document.images].every((image) => image.complete));
    await take(1200);
    await on.openSample(0);
    await takeUntil(on.waitForResults(1));
    await page.mouse.move(size.width - 20, size.height - 150);
    await take(1600);
    const word = await on.openAlternatives(1);
    await take(1800);
    await page.getByRole('listbox').getByRole('option').nth(1).click();
    await page.keyboard.press('Escape');
    await on.tokens.nth(word).waitFor();
    await take(1200);
    await page.keyboard.press('Control+Enter');
    await takeUntil(on.waitForResults(2));
    await page.mouse.move(size.width - 20, size.height - 150);
    await take(1600);
    await page.getByLabel('Canvas').getByRole('heading').click();
    await page.keyboard.press('c');
    await take(2200);
  } finally {
    await studio.close();
  }
  const { size: bytes } = await sharp(frames, { join: { animated: true } })
    .webp({ quality: 72, effort: 5, delay: delaysMs, loop: 0 })
    .toFile(file);
  if (bytes > mostBytes) throw new Error(`${file} has ${bytes} bytes, more than the ${mostBytes} that the README may carry.`);
  console.log(`${file}: ${frames.length} frames, ${bytes} bytes`);
}
