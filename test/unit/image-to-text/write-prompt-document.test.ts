import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { promptDocumentSchema } from '../../../contract/prompt.ts';
import type { PromptDocument } from '../../../contract/prompt.ts';
import { ImageEncoder } from '../../../main/image-to-text/image-encoder.ts';
import { writePromptDocument } from '../../../main/image-to-text/write-prompt-document.ts';
import { preprocessImage } from '../../../main/image/decode/preprocess-image.ts';
import { quietContext } from '../../../main/run-context.ts';
import { loadTokenizer } from '../../../main/tokenizer/load-tokenizer.ts';
import { openOnCpu, redAndGreenPng, tinyEncoderFolder, tinyEncoderRole } from './tiny-encoder.ts';

describe('writePromptDocument', () => {
  let document: PromptDocument;
  beforeAll(async () => {
    const encoder = ImageEncoder.open(tinyEncoderFolder, tinyEncoderRole, openOnCpu);
    const tensor = await preprocessImage(await redAndGreenPng(), tinyEncoderRole.image);
    const [encoded] = await encoder.encode([tensor], { lengths: [5], topK: 2 }, quietContext);
    if (!encoded) throw new Error('nothing was encoded');
    document = writePromptDocument(encoded, {
      packId: 'tiny',
      imageSha256: 'a'.repeat(64),
      patchGrid: tinyEncoderRole.patchGrid,
      tokenizer: await loadTokenizer(join(tinyEncoderFolder, tinyEncoderRole.tokenizer)),
    });
  });

  test('fits the contract', () => {
    expect(promptDocumentSchema.parse(document)).toEqual(document);
    expect(document).toMatchObject({
      packId: 'tiny',
      length: 5,
      imageSha256: 'a'.repeat(64),
      patchGrid: { rows: 2, columns: 2 },
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
    expect(red?.alternatives.map(({ text }) => text)).toEqual(['red', 're']);
    expect(red?.probability).toBe(red?.alternatives[0]?.probability);
    expect(red?.exact).toBe(true);
    expect(red?.attention?.[0]).toBeGreaterThan(0.99);
    expect(red?.attention?.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 3);
  });
});
