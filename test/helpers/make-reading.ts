import type { Reading } from '../../contract/texts/reading.ts';

/** Two positions: one with two candidates that looks at the first of two patches, one with a single candidate that looks nowhere. */
export function makeReading(): Reading {
  return {
    schemaVersion: 1,
    reader: { method: 'de-diffusion', packId: 'tiny-scenes', packVersion: '1.0.0' },
    imageSha256: 'a'.repeat(64),
    length: 5,
    patchGrid: { rows: 1, columns: 2 },
    positions: 2,
    topK: 2,
    tokenIds: Int32Array.of(320, 518, 736, -1),
    probabilities: Float32Array.of(0.9, 0.1, 0.1234567, 0),
    attention: Uint16Array.of(65_535, 0, 0, 0),
    texts: new Map([
      [320, 'a'],
      [518, 'the'],
      [736, 'réd🦊'],
    ]),
  };
}
