import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fitImage } from '../../../main/image/decode/fit-image.ts';
import { PictureWorker } from '../../../main/image/decode/picture-worker.ts';
import { defaultImageLimits } from '../../../main/image/image-limits.ts';
import type { PictureEnding } from '../../../main/image/picture-orders.ts';
import { PictureReader } from '../../../main/image/picture-reader.ts';

const input = { width: 16, height: 16, resample: 'bicubic', fit: 'crop' } as const;
const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/images/${name}`, import.meta.url));
const small = fixture('small.png');

/** A picture of so many pixels in a few kilobytes: a progressive JPEG keeps every coefficient of it in memory while it is read. */
async function makeLargeJpeg(side: number): Promise<Buffer> {
  return sharp({ create: { width: side, height: side, channels: 3, background: '#204060' } })
    .jpeg({ progressive: true })
    .toBuffer();
}

describe('PictureReader', () => {
  const reader = new PictureReader();
  afterAll(() => reader.close());

  test('gives what fitImage gives, many at once', async () => {
    const names = Array.from({ length: 12 }, (_, index) => ['wide.png', 'odd.jpg', 'small.png'][index % 3] ?? '');
    const pictures = await Promise.all(names.map((name) => reader.fit(fixture(name), input)));
    for (const [index, { data, ...form }] of pictures.entries()) {
      const alone = await fitImage(fixture(names[index] ?? ''), input);
      expect([form.width, form.height, Buffer.from(data).equals(alone.data)]).toEqual([16, 16, true]);
    }
  });

  test('gives errors as they were thrown, with the name it was given', async () => {
    const reading = reader.readFacts(Buffer.from('nonsense'), { name: 'Fox.png' });
    await expect(reading).rejects.toMatchObject({ name: 'StudioError', code: 'image-unreadable' });
    await expect(reading).rejects.toThrow('Fox.png is not a picture the studio knows.');
    const limits = { maxBytes: 100, maxPixels: 1e6, minSide: 1 };
    await expect(reader.readFacts(small, { limits })).rejects.toMatchObject({ code: 'image-too-large' });
  });

  test.runIf(process.platform === 'linux')('decodes strangers’ pictures in a process that is handed no key', async () => {
    process.env['DEDIFFUSION_SECRET_MINE'] = 'sk-not-for-pictures';
    const other = new PictureReader();
    try {
      await other.readFacts(small);
      const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
      const environments = children.map((id) => readFileSync(`/proc/${id}/environ`, 'utf8'));
      expect(environments.some((text) => text.includes('VIPS_WARNING'))).toBe(true);
      expect(environments.join()).not.toContain('sk-not-for-pictures');
    } finally {
      delete process.env['DEDIFFUSION_SECRET_MINE'];
      await other.close();
    }
  });

  test('writes pixels as the PNG they are read from again', async () => {
    const pixels = await reader.fit(small, { width: 8, height: 8, resample: 'bicubic', fit: 'stretch' });
    const png = await reader.encodePng(pixels);
    const again = await reader.fit(png, { width: 8, height: 8, resample: 'bicubic', fit: 'stretch' });
    expect([...again.data]).toEqual([...pixels.data]);
  });

  test('rejects whoever leaves with the reason, at once, and reads on for the others', async () => {
    const leaving = new AbortController();
    const left = expect(reader.readFacts(fixture('wide.png'), { signal: leaving.signal })).rejects.toThrow('left');
    const stays = reader.readFacts(fixture('wide.png'));
    leaving.abort(new Error('left'));
    await left;
    await expect(stays).resolves.toMatchObject({ mediaType: 'image/png' });
  });

  test('unpacks no text of a PNG', async () => {
    const bomb = withTexts(await sharp(small).png().toBuffer(), 40, 24_000_000);
    const startMs = performance.now();
    await expect(reader.readFacts(bomb)).resolves.toMatchObject({ mediaType: 'image/png' });
    expect(performance.now() - startMs).toBeLessThan(1500);
  });
});

function waitForEnding() {
  let end: (ending: PictureEnding) => void = () => undefined;
  const promise = new Promise<PictureEnding>((resolve) => {
    end = resolve;
  });
  return { promise, end };
}

/** Each text is a run of one letter, which packs to a thousandth. */
function withTexts(png: Buffer, count: number, letters: number): Buffer {
  const data = Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync(Buffer.alloc(letters, 'a'))]);
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write('zTXt', 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return Buffer.concat([png.subarray(0, 33), ...Array.from({ length: count }, () => chunk), png.subarray(33)]);
}

describe('a picture that takes too much', () => {
  let large: Buffer;
  beforeAll(async () => {
    large = await makeLargeJpeg(7000);
  });

  test('of memory ends its process and says so; what was read beside it is read again', async () => {
    const reader = new PictureReader({ memoryLimitBytes: 170 * 1024 ** 2 });
    const bomb = expect(reader.readFacts(large, { name: 'bomb.jpg' })).rejects.toMatchObject({
      code: 'memory-exceeded',
      message: 'bomb.jpg needs more than 0.2 GB of memory to be opened.',
    });
    const others = await Promise.all([1, 2, 3].map(() => reader.readFacts(small)));
    expect(others.map(({ mediaType }) => mediaType)).toEqual(['image/png', 'image/png', 'image/png']);
    await bomb;
    await expect(reader.readFacts(small)).resolves.toMatchObject({ mediaType: 'image/png' });
    await reader.close();
  });

  test('of time as well', async () => {
    // The limit is of a picture's own time; this one takes seconds, and a small one a few milliseconds however busy the machine is.
    const reader = new PictureReader({ timeLimitMs: 250 });
    await expect(reader.readFacts(large)).rejects.toThrow('The picture took too long to decode.');
    await expect(reader.readFacts(small)).resolves.toMatchObject({ mediaType: 'image/png' });
    await reader.close();
  });

  test('and is no longer wanted ends its process', async () => {
    const { promise, end } = waitForEnding();
    const worker = new PictureWorker({ timeLimitMs: 1e6, memoryLimitBytes: 1e12, cancelGraceMs: 0, send: () => undefined, end });
    const file = { source: large, name: 'large.jpg', limits: defaultImageLimits };
    worker.receive({ type: 'orders', orders: [{ orderId: 7, order: { kind: 'facts', file } }] });
    worker.receive({ type: 'cancel', orderId: 7 });
    expect(await promise).toEqual({ type: 'ending', limit: 'cancelled', orderIds: [7] });
  });

  test('is not begun any more when the reader is closed', async () => {
    const reader = new PictureReader();
    const read = expect(reader.readFacts(small)).rejects.toMatchObject({ code: 'file-unreadable' });
    await reader.close();
    await read;
    await expect(reader.readFacts(small)).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});

describe.skipIf(process.platform === 'win32')('what only looks like a picture file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dediffusion-pipe-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('a pipe and a device are refused at once', async () => {
    const reader = new PictureReader();
    execFileSync('mkfifo', [join(folder, 'x.png')]);
    const refused = { code: 'file-unreadable', message: 'x.png is not a regular file.' };
    await expect(reader.readFacts(join(folder, 'x.png'))).rejects.toMatchObject(refused);
    await expect(reader.readFacts('/dev/zero')).rejects.toMatchObject({ code: 'file-unreadable' });
    await reader.close();
  });
});
