import { existsSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { decodeImage } from '../../../../main/image/decode/decode-image.ts';
import { writeShownCopy } from '../../../../main/image/decode/write-shown-copy.ts';
import { makeTemporaryFolder } from '../../library/make-temporary-folder.ts';

const cases = join(import.meta.dirname, '../../../fixtures/images/cases');

it.each([
  'scan.tif',
  'phone.webp',
  'gamma-1.png',
  'cmyk-no-profile.jpg',
  'rgb-selection.tif',
  'animated.avif',
  'no-end-mark.jpg',
])('of %s, which browsers may show otherwise, the copy holds what is read', async (name) => {
  const target = join(makeTemporaryFolder(), 'copy.png');
  expect(await writeShownCopy(join(cases, name), target)).toBe(true);
  expect(await sharp(target).raw().toBuffer()).toEqual(Buffer.from((await decodeImage(join(cases, name))).data));
});

it.each(['base-8bit.png', 'rgb16-srgb-icc.png'])('of %s none is made', async (name) => {
  const target = join(makeTemporaryFolder(), 'copy.png');
  expect(await writeShownCopy(join(cases, name), target)).toBe(false);
  expect(existsSync(target)).toBe(false);
});
