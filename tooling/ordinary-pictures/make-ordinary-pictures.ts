import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { launchBrowser } from '../../test/helpers/browser-launch.ts';

/**
 * `node tooling/ordinary-pictures/make-ordinary-pictures.ts`: one picture of each object the embedded pack knows, as a web page
 * would show it. A browser draws them, with its own fonts and gradients and in sizes and shapes of its own, so that
 * test/e2e/cli/ordinary-pictures.test.ts asks about pictures that no part of the training drew. Needs the font Noto Color Emoji.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'test/fixtures/ordinary-pictures');

const settings = [
  { background: 'conic-gradient(from 20deg, #8ec5fc, #e0c3fc, #8ec5fc)', width: 640, height: 480, size: 0.7 },
  {
    background:
      'radial-gradient(circle at 30% 20%, #fff6c8 0 10%, transparent 30%), linear-gradient(#6fb1e8 0 60%, #5c8d4a 60% 100%)',
    width: 300,
    height: 400,
    size: 0.6,
  },
  { background: 'repeating-linear-gradient(33deg, #f3e9dc 0 14px, #e7d8c3 14px 28px)', width: 900, height: 900, size: 0.65 },
  { background: 'linear-gradient(160deg, #2b1055, #7597de 70%, #f7b267)', width: 96, height: 128, size: 0.75 },
] as const;

/** The emoji of each word stands in the recipe's list, which is the one place that knows both. */
async function readObjects(): Promise<{ word: string; character: string }[]> {
  const source = await readFile(join(root, 'models/training/world/objects.py'), 'utf8');
  return [...source.matchAll(/([a-z]+)(\p{Extended_Pictographic}\u{fe0f}?)/gu)].map(([, word, character]) =>
    z.object({ word: z.string(), character: z.string() }).parse({ word, character }),
  );
}

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const browser = await launchBrowser();
const page = await browser.newPage();
for (const [index, { word, character }] of (await readObjects()).entries()) {
  const { background, width, height, size } = settings[index % settings.length] ?? settings[0];
  const [right, down] = [(((index * 7) % 11) - 5) / 60, (((index * 5) % 9) - 4) / 60];
  const turn = ((index * 13) % 31) - 15;
  await page.setViewportSize({ width, height });
  await page.setContent(`
    <body style="margin: 0; height: ${height}px; background: ${background}; display: grid; place-items: center; overflow: hidden">
      <span style="font: ${Math.min(width, height) * size}px/1 'Noto Color Emoji';
        transform: translate(${right * width}px, ${down * height}px) rotate(${turn}deg)">${character}</span>
    </body>`);
  await writeFile(join(folder, `${word}.jpg`), await page.screenshot({ type: 'jpeg', quality: 70 }));
}
await browser.close();
