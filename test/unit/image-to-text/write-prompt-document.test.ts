import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { promptDocumentSchema } from '../../../contract/texts/prompt.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import { alternativesAt, attentionAt, attentionOne, decodeReading } from '../../../contract/texts/reading.ts';
import type { Reading } from '../../../contract/texts/reading.ts';
import { ImageEncoder } from '../../../main/image-to-text/image-encoder.ts';
import { writePromptDocument } from '../../../main/image-to-text/write-prompt-document.ts';
import { fitImage } from '../../../main/image/decode/fit-image.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { loadTokenizer } from '../../../main/tokenizer/load-tokenizer.ts';
import { openOnCpu, redAndGreenPng, tinyEncoderFolder, tinyEncoderRole } from './tiny-encoder.ts';

describe('writePromptDocument', () => {
  let document: PromptDocument;
  let reading: Reading;
  let name: string;
  beforeAll(async () => {
    const encoder = ImageEncoder.open(tinyEncoderFolder, tinyEncoderRole, openOnCpu);
    const pixels = await fitImage(await redAndGreenPng(), tinyEncoderRole.image);
    const [encoded] = await encoder.encode([pixels], { lengths: [5], topK: 2 }, quietContext);
    if (!encoded) throw new Error('nothing was encoded');
    const written = writePromptDocument(encoded, {
      method: 'de-diffusion',
      packId: 'tiny',
      packVersion: '1.0.0',
      imageSha256: 'a'.repeat(64),
      patchGrid: tinyEncoderRole.patchGrid,
      tokenizer: await loadTokenizer(join(tinyEncoderFolder, tinyEncoderRole.tokenizer)),
    });
    document = written.document;
    reading = decodeReading(written.reading);
    name = createHash('sha256').update(written.reading).digest('hex');
  });

  test('fits the contract', () => {
    expect(promptDocumentSchema.parse(document)).toEqual(document);
    expect(document).toMatchObject({
      packId: 'tiny',
      length: 5,
      imageSha256: 'a'.repeat(64),
      sources: [{ type: 'reading', sha256: name, packId: 'tiny', imageSha256: 'a'.repeat(64), length: 5 }],
    });
  });

  test('has a slot a position, and none for the end tokens behind the text', () => {
    expect(document.slots.map((slot) => slot.position)).toEqual([0, 1, 2]);
    expect(document.slots.slice(0, 2).map(({ tokenId, text, endsWord }) => [tokenId, text, endsWord])).toEqual([
      [0, 'red', true],
      [1, 'green', true],
    ]);
    expect(new Set(document.slots.map((slot) => slot.id)).size).toBe(3);
  });

  test('keeps the candidates, the chosen one first, and where each query looked', () => {
    const [red] = document.slots;
    const alternatives = alternativesAt(reading, 0);
    expect(alternatives.map(({ text }) => text)).toEqual(['red', 're']);
    expect(red?.probability).toBe(alternatives[0]?.probability);
    expect(red?.exact).toBe(true);
    const shares = [...(attentionAt(reading, 0) ?? [])].map((share) => share / attentionOne);
    expect(shares[0]).toBeGreaterThan(0.99);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 3);
    expect(reading).toMatchObject({ positions: 3, topK: 2, patchGrid: { rows: 2, columns: 2 } });
  });
});
