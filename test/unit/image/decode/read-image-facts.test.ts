import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA } from 'thumbhash';
import { readImageFacts } from '../../../../main/image/decode/read-image-facts.ts';

describe('readImageFacts', () => {
  test('gives the upright size, the format by content and a small picture', async () => {
    const image = sharp({ create: { width: 300, height: 100, channels: 3, background: '#3060f0' } });
    const facts = await readImageFacts(await image.withMetadata({ orientation: 8 }).jpeg().toBuffer());
    expect(facts).toMatchObject({ width: 100, height: 300, mediaType: 'image/jpeg' });
    const hash = Buffer.from(facts.thumbhash, 'base64');
    expect(hash.length).toBeLessThan(40);
    expect(thumbHashToApproximateAspectRatio(hash)).toBeLessThan(0.7);
    const { r, b, a } = thumbHashToAverageRGBA(hash);
    expect(b - r).toBeGreaterThan(0.5);
    expect(a).toBe(1);
  });

  test('refuses a picture that stops in the middle, so that it never enters the library', async () => {
    const noise = Buffer.from(Array.from({ length: 90_000 }, (_, index) => (index * 7919) % 251));
    const png = await sharp(noise, { raw: { width: 300, height: 100, channels: 3 } })
      .png()
      .toBuffer();
    await expect(readImageFacts(png.subarray(0, png.length - 3000))).rejects.toMatchObject({ code: 'image-unreadable' });
  });
});
