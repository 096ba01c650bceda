import type { Browser } from 'playwright-core';
import { decodeImage } from '../../../main/image/decode/decode-image.ts';
import type { Studio } from '../../../main/studio.ts';

/** How far a page's pixels are from the encoder's, of 255; and which file the page was given. */
export interface Agreement {
  readonly shown: 'itself' | 'copy';
  readonly largest: number;
  readonly mean: number;
}

export interface ColourPage {
  /** Adds a picture to the studio, shows in a browser what the studio gives an `<img>`, and compares. Infinity where sizes differ. */
  compare(bytes: Buffer): Promise<Agreement>;
  close(): Promise<void>;
}

/** A page that reads back what it shows, on white, as the canvas and the attention of the studio's page do. */
export async function openColourPage(browser: Browser, studio: Studio, address: string): Promise<ColourPage> {
  const page = await browser.newPage();
  await page.goto(address);
  return {
    compare: async (bytes) => {
      const { sha256 } = (await studio.addImage(bytes)).image;
      const { path } = await studio.locateShown(sha256);
      const read = await decodeImage(await studio.readImage(sha256));
      const shown = await page.evaluate(readShown, `/shown/${sha256}`);
      const isItself = path.endsWith(sha256);
      return { shown: isItself ? 'itself' : 'copy', ...measure(read, shown) };
    },
    close: () => page.close(),
  };
}

interface ShownPixels {
  readonly width: number;
  readonly height: number;
  /** RGBA, base64: arrays travel to Node a number at a time. */
  readonly data: string;
}

/** Runs in the page. */
async function readShown(source: string): Promise<ShownPixels> {
  const image = new Image();
  image.src = source;
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  let text = '';
  for (const value of data) text += String.fromCharCode(value);
  return { width, height, data: btoa(text) };
}

function measure(
  read: { readonly width: number; readonly height: number; readonly data: Uint8Array },
  shown: ShownPixels,
): Pick<Agreement, 'largest' | 'mean'> {
  if (read.width !== shown.width || read.height !== shown.height) return { largest: Infinity, mean: Infinity };
  const rgba = Buffer.from(shown.data, 'base64');
  let largest = 0;
  let sum = 0;
  for (let place = 0; place < read.width * read.height; place++) {
    for (const channel of [0, 1, 2]) {
      const difference = Math.abs((read.data[place * 3 + channel] ?? 0) - (rgba[place * 4 + channel] ?? 0));
      largest = Math.max(largest, difference);
      sum += difference;
    }
  }
  return { largest, mean: sum / (read.width * read.height * 3) };
}
