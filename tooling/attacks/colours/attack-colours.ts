import { StudioError } from '../../../contract/errors.ts';
import { launchBrowser } from '../../../test/helpers/browser-launch.ts';
import { serveStudio } from '../../../main/shell/server/serve-studio.ts';
import { openStudio } from '../../../main/studio.ts';
import { openColourPage } from './colour-page.ts';
import { makeColourVariants } from './make-colour-variants.ts';

/**
 * `npm run attack:colours`: for every form of picture, how far what a browser shows is from what the
 * encoder reads. Ends with 1 where one differs by more than 2 of 255. Serves from the built page's folder.
 */
const mostDifference = 2;

const studio = await openStudio({ ephemeral: true, device: 'cpu' });
const server = await serveStudio({ studio, port: 0 });
const browser = await launchBrowser();
const page = await openColourPage(browser, studio, server.url);
let [compared, apart, refused] = [0, 0, 0];
try {
  for await (const { name, bytes } of makeColourVariants()) {
    const agreement = await page.compare(bytes).catch((error: unknown) => {
      if (error instanceof StudioError && (error.code === 'image-unsupported' || error.code === 'image-unreadable')) return error;
      throw error;
    });
    if (agreement instanceof StudioError) {
      refused += 1;
      console.log(`refused: ${name}: ${agreement.message}`);
      continue;
    }
    const { shown, largest, mean } = agreement;
    compared += 1;
    if (largest > mostDifference) apart += 1;
    console.log(
      `${largest > mostDifference ? 'APART ' : '      '}${String(largest).padStart(4)}  ${mean.toFixed(2).padStart(6)}  ${shown.padEnd(6)}  ${name}`,
    );
  }
} finally {
  await browser.close();
  await server.close();
  await studio.close();
}
console.log(`${compared} forms, ${apart} differ by more than ${mostDifference} of 255; ${refused} more are refused in words`);
process.exitCode = apart === 0 ? 0 : 1;
