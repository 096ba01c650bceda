import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { batchSettingsRecord } from '../../../contract/batch.ts';
import { jobRequestRecord } from '../../../contract/job-records.ts';
import { readRecord } from '../../../contract/record.ts';
import { decodeReading, encodeReading } from '../../../contract/texts/reading.ts';
import { makeReading } from '../../helpers/make-reading.ts';
import { FIFTH_RECORDS, SIXTH_RECORDS, readJson } from '../../helpers/frozen-records.ts';

it.each([4, 5])('a reading that was asked for in version %i of jobs is as it was', (version) => {
  const { schemaVersion, ...stored } = readJson(`${FIFTH_RECORDS}/jobs/encode-request-${version}.json`);
  expect(schemaVersion).toBe(version);
  expect(readRecord(jobRequestRecord, { schemaVersion, ...stored })).toEqual(stored);
});

it('a caption of a part that is no rectangle is asked for as it was, by a job and by a batch', () => {
  for (const [file, record, version] of [
    ['jobs/encode-request', jobRequestRecord, 7],
    ['batch-settings', batchSettingsRecord, 3],
  ] as const) {
    const { schemaVersion, ...stored } = readJson(`${SIXTH_RECORDS}/${file}.json`);
    expect(schemaVersion).toBe(version);
    expect(record.version).toBeGreaterThanOrEqual(version);
    expect(readRecord<unknown>(record, { schemaVersion, ...stored })).toEqual(stored);
  }
});

it('what a language model saw around a shape comes back from its bytes', () => {
  const bytes = readFileSync(`${SIXTH_RECORDS}/reading`);
  const reading = decodeReading(bytes);
  expect(reading).toMatchObject({
    schemaVersion: 3,
    reader: { method: 'caption', model: 'eyes – llava' },
    region: {
      x: 8,
      y: 16,
      outline: [
        [8, 16],
        [40, 20],
        [20, 40],
      ],
      around: true,
    },
    topK: 1,
  });
  expect(Buffer.from(encodeReading(reading))).toEqual(bytes);
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
