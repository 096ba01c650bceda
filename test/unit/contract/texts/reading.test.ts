import { expect, test } from 'vitest';
import {
  alternativesAt,
  attentionAt,
  chosenProbability,
  decodeReading,
  encodeReading,
} from '../../../../contract/texts/reading.ts';
import { makeReading } from '../../../helpers/make-reading.ts';

test('a reading comes back from its bytes as it was', () => {
  const reading = makeReading();
  expect(decodeReading(encodeReading(reading))).toEqual(reading);
  expect(decodeReading(encodeReading({ ...reading, attention: null })).attention).toBeNull();
});

test('bytes that lie anywhere in a larger buffer are read the same', () => {
  const bytes = encodeReading(makeReading());
  const larger = new Uint8Array(bytes.length + 3);
  larger.set(bytes, 3);
  expect(decodeReading(larger.subarray(3))).toEqual(makeReading());
});

test('the same reading gives the same bytes, in whatever order its texts were met', () => {
  const reading = makeReading();
  const other = { ...reading, texts: new Map([...reading.texts].reverse()) };
  expect(encodeReading(other)).toEqual(encodeReading(reading));
});

test('a position has its candidates and where it looked', () => {
  const reading = makeReading();
  expect(alternativesAt(reading, 0)).toEqual([
    { tokenId: 320, text: 'a', probability: 0.9 },
    { tokenId: 518, text: 'the', probability: 0.1 },
  ]);
  expect(alternativesAt(reading, 1)).toEqual([{ tokenId: 736, text: 'réd🦊', probability: 0.123457 }]);
  expect([alternativesAt(reading, 2), attentionAt(reading, 2)]).toEqual([[], null]);
  expect([0, 1, 2].map((position) => chosenProbability(reading, position))).toEqual([0.9, 0.123457, null]);
  expect(attentionAt(reading, 0)).toEqual(Uint16Array.of(65_535, 0));
  expect(attentionAt(reading, 1)).toBeNull();
});

test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
  ['nothing', () => new Uint8Array()],
  ['another kind of file', () => new TextEncoder().encode('{"schemaVersion":1}')],
  ['a file cut off', (bytes) => bytes.subarray(0, bytes.length - 1)],
  ['a file cut off in its header', (bytes) => bytes.subarray(0, 20)],
  ['a header that is no JSON', (bytes) => bytes.with(8, 0)],
])('%s is said to be damaged', (_, change) => {
  expect(() => decodeReading(change(encodeReading(makeReading())))).toThrow(expect.objectContaining({ code: 'library-damaged' }));
});

test('one that a later studio wrote is told as newer', () => {
  const bytes = Buffer.from(encodeReading(makeReading())).toString('latin1');
  const later = bytes.replace('"schemaVersion":1', '"schemaVersion":9');
  expect(() => decodeReading(Buffer.from(later, 'latin1'))).toThrow(
    expect.objectContaining({ code: 'record-newer', details: { found: 9, known: 3 } }),
  );
});

test('a reading of 75 positions with five candidates and 64 patches is small', () => {
  const reading = makeReading();
  const large = {
    ...reading,
    positions: 75,
    topK: 5,
    patchGrid: { rows: 8, columns: 8 },
    tokenIds: new Int32Array(375),
    probabilities: new Float32Array(375),
    attention: new Uint16Array(4800),
  };
  expect(encodeReading(large).length).toBeLessThan(13_000);
});
