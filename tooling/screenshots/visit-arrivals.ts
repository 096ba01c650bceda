import type { Page } from 'playwright-core';
import type { State } from './tour-options.ts';
import sharp from 'sharp';
import { dropOn } from '../../test/helpers/browser-drop.ts';

/** What comes from elsewhere and waits for a yes, what is told when it cannot come in, and a picture of another world. */
export async function* visitArrivals(page: Page): AsyncGenerator<State> {
  const text = 'a red fox in the snow beside an old castle, painted in oil, soft evening light';
  await dropOn(page, { files: [{ name: 'notes.txt', type: 'text/plain', bytes: Buffer.from(text) }] });
  await page.getByRole('button', { name: 'Use this text' }).waitFor();
  yield '15-text-proposed';
  await dropOn(page, { texts: { 'text/uri-list': 'https://museum.example/collection/the-fox-in-winter.jpg' } });
  await page.getByRole('button', { name: 'Fetch the picture' }).waitFor();
  yield '16-address-proposed';
  await page.getByRole('button', { name: 'Not now' }).click();
  const broken = ['one.png', 'two.png'].map((name) => ({ name, type: 'image/png', bytes: Buffer.from('no picture') }));
  await dropOn(page, { files: broken });
  await page.getByText(/^two\.png: /).waitFor();
  yield '17-failures';
  for (let left = broken.length; left > 0; left -= 1) await page.getByRole('button', { name: 'Dismiss' }).first().click();
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 };
  const strange = sharp({ create: { width: 640, height: 480, channels: 3, background: '#808080', noise } });
  await dropOn(page, { files: [{ name: 'strange.png', type: 'image/png', bytes: await strange.png().toBuffer() }] });
  await page.getByTestId('outside-world').waitFor();
  await page.getByText('Queue empty').waitFor();
  yield '18-another-world';
}
