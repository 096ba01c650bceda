import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { metadataReadingSchema, metadataWriterSchema } from '../../../contract/texts/metadata.ts';
import type { PictureMediaType } from '../../../contract/picture-formats.ts';
import { insertPngChunks } from '../../../main/image/insert-png-chunks.ts';
import { readPictureTexts } from '../../../main/image/decode/read-picture-texts.ts';
import { sniffImage } from '../../../main/image/decode/sniff-image.ts';
import { readMetadata } from '../../../main/metadata/read-metadata.ts';
import { exifBlock, jpegWith, pngWith, unicodeComment } from '../../helpers/metadata-files.ts';
import { repeatableRandom } from '../../helpers/repeatable-random.ts';
import { badFiles } from './written-badly.ts';
import { writtenFiles } from './written-by-tools.ts';

function mediaTypeOf(bytes: Uint8Array): PictureMediaType {
  const sniffed = sniffImage(bytes);
  if (sniffed.kind !== 'supported') throw new Error('no picture');
  return sniffed.mediaType;
}
const read = (bytes: Uint8Array) => metadataReadingSchema.parse(readMetadata(readPictureTexts(bytes, mediaTypeOf(bytes))));

test('there are files of every writer in every form', async () => {
  expect(writtenFiles.length).toBeGreaterThanOrEqual(40);
  const there = await Promise.all(writtenFiles.map(async ({ make, found }) => `${found.writer} ${mediaTypeOf(await make())}`));
  const forms = ['image/png', 'image/jpeg', 'image/webp', 'image/avif'];
  const lacking = metadataWriterSchema.options.flatMap((writer) => {
    const lacks = forms.filter((form) => !there.includes(`${writer} ${form}`));
    return lacks.length === 0 ? [] : [[writer, lacks]];
  });
  // It writes no other.
  expect(Object.fromEntries(lacking)).toEqual({ invokeai: forms.slice(1) });
});

test.each(writtenFiles)('$name', async ({ make, found }) => {
  const { metadata, problems } = read(await make());
  expect(metadata).toMatchObject(found);
  expect(problems).toEqual([]);
});

test.each(badFiles)('$name: nothing is made up', async ({ make, told }) => {
  const { metadata, problems } = read(await make());
  expect(metadata).toBeNull();
  expect(problems).toEqual(told === null ? [] : [expect.stringMatching(told)]);
});

test('numbers that cannot be are left out, one by one', async () => {
  const text = 'a fox\nSteps: -3, Sampler: Euler, CFG scale: 1e999, Seed: 0x12, Size: 0x99999999999';
  expect(read(await pngWith([['parameters', text]])).metadata).toMatchObject({
    ...{ writer: 'a1111', prompt: 'a fox', sampler: 'Euler' },
    ...{ steps: null, guidance: null, seed: null, width: null, height: null },
  });
});

test('a picture without a word of it says nothing', async () => {
  expect(
    read(
      await pngWith([
        ['Comment', 'Sunset in Rome'],
        ['Software', 'GIMP'],
      ]),
    ),
  ).toEqual({ metadata: null, problems: [] });
  expect(read(await jpegWith({ exif: exifBlock({ comment: unicodeComment('Sunset in Rome: warm, red') }) })).metadata).toBeNull();
});

test('what is damaged is told, and the next text is read', async () => {
  const both = await pngWith([
    ['dediffusion', '{"kind":'],
    ['parameters', 'a fox\nSteps: 3, Sampler: Euler, CFG scale: 2, Seed: 1'],
  ]);
  expect(read(both)).toMatchObject({
    metadata: { writer: 'a1111', prompt: 'a fox' },
    problems: ["The picture carries the studio's recipe, which cannot be read."],
  });
  const newer = await pngWith([['dediffusion', '{"schemaVersion":99,"kind":"local"}']]);
  expect(read(newer).problems).toEqual([expect.stringContaining('newer version of the studio')]);
});

test('a text that unpacks to more than is read is left out', async () => {
  const bomb = {
    type: 'zTXt',
    data: Buffer.concat([Buffer.from('parameters\0\0', 'latin1'), deflateSync(Buffer.alloc(30_000_000, 'a'))]),
  };
  const startedMs = performance.now();
  const { metadata, problems } = read(insertPngChunks(await pngWith([]), 'before-data', [bomb]));
  expect(metadata).toBeNull();
  expect(problems).toEqual(['A text of the picture is too large to be read.']);
  expect(performance.now() - startedMs).toBeLessThan(5_000);
});

test('long and hostile texts take time in proportion', async () => {
  const parts = [
    'a: b, '.repeat(50_000),
    '"'.repeat(125_000),
    '['.repeat(125_000),
    '{"a":'.repeat(50_000),
    '\\'.repeat(125_000),
    `{"${'\\"'.repeat(125_000)}`,
  ];
  const startedMs = performance.now();
  for (const text of parts) {
    for (const key of [
      'parameters',
      'prompt',
      'workflow',
      'invokeai_metadata',
      'sd-metadata',
      'Dream',
      'Description',
      'dediffusion',
    ])
      read(await pngWith([[key, text]]));
  }
  expect(performance.now() - startedMs).toBeLessThan(20_000);
});

test('no control character, half character or folder of a machine comes out', async () => {
  const text =
    'a \u0007fox\u001b[31m\nSteps: 3, Sampler: Euler, CFG scale: 2, Seed: 1, Model: C:\\Users\\eve\\models\\foxes.ckpt';
  const { metadata } = read(await pngWith([['parameters', text, 'iTXt']]));
  expect(metadata).toMatchObject({ prompt: 'a fox[31m', model: 'foxes.ckpt' });
});

test('damaged files give a reading or nothing, and never a fault', async () => {
  const random = repeatableRandom();
  for (const { make } of writtenFiles.filter((_, index) => index % 3 === 0)) {
    const whole = await make();
    for (let round = 0; round < 12; round += 1) {
      const bytes = Buffer.from(whole);
      for (let change = 0; change < 6; change += 1)
        bytes[16 + Math.floor(random() * (bytes.length - 16))] = Math.floor(random() * 256);
      read(round % 4 === 0 ? bytes.subarray(0, 16 + Math.floor(random() * bytes.length)) : bytes);
    }
  }
});
