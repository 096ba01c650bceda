import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { jobRequestRecord } from '../../../contract/job.ts';
import { readRecord } from '../../../contract/record.ts';
import { decodeReading, encodeReading } from '../../../contract/texts/reading.ts';
import { makeReading } from '../../helpers/make-reading.ts';
import { FIFTH_RECORDS, readJson } from '../../helpers/frozen-records.ts';

it.each([4, 5])('a reading that was asked for in version %i of jobs is as it was', (version) => {
  const { schemaVersion, ...stored } = readJson(`${FIFTH_RECORDS}/jobs/encode-request-${version}.json`);
  expect(schemaVersion).toBe(version);
  expect(readRecord(jobRequestRecord, { schemaVersion, ...stored })).toEqual(stored);
});

it('what a search read in a part of a picture comes back from its bytes', () => {
  const bytes = readFileSync(`${FIFTH_RECORDS}/reading`);
  const reading = decodeReading(bytes);
  expect(reading).toMatchObject({
    reader: { method: 'clip-search', packId: 'tiny-scenes', packVersion: '2.1.0' },
    region: { x: 8, y: 16, width: 32, height: 24 },
    attention: null,
  });
  expect(Buffer.from(encodeReading(reading))).toEqual(bytes);
});

it('what an encoder read keeps the bytes it had before there were other readers', () => {
  const header = Buffer.from(encodeReading(makeReading())).toString('latin1');
  expect(header).toContain(
    '{"schemaVersion":1,"reader":{"method":"de-diffusion","packId":"tiny-scenes","packVersion":"1.0.0"},"imageSha256":',
  );
});
