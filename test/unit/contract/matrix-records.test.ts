import { expect, it } from 'vitest';
import { jobRequestRecord, jobResultRecord } from '../../../contract/job-records.ts';
import { readRecord } from '../../../contract/record.ts';
import { matrixRequestSchema } from '../../../contract/texts/matrix.ts';
import { FOURTH_RECORDS, THIRD_RECORDS, readJson } from '../../helpers/frozen-records.ts';

it('a matrix that was asked for, and what came of one, are read as they are', () => {
  const { schemaVersion, ...request } = readJson(`${FOURTH_RECORDS}/jobs/matrix-request.json`);
  expect(readRecord(jobRequestRecord, { schemaVersion, ...request })).toEqual(request);
  const { schemaVersion: version, ...result } = readJson(`${FOURTH_RECORDS}/jobs/matrix-result.json`);
  expect(readRecord(jobResultRecord, { schemaVersion: version, ...result })).toEqual(result);
  expect([schemaVersion, version]).toEqual([4, 4]);
});

it('a job of the time before matrices stays as it is', () => {
  const { schemaVersion, ...request } = readJson(`${THIRD_RECORDS}/encode-request.json`);
  expect(schemaVersion).toBe(3);
  expect(readRecord(jobRequestRecord, { schemaVersion, ...request })).toEqual(request);
});

it('takes each picture once, two at least', () => {
  const [one, other] = ['1'.repeat(64), '2'.repeat(64)];
  const request = { kind: 'matrix', name: 'Two', imageSha256s: [one, other, one], length: 5, draw: null };
  expect(matrixRequestSchema.parse(request).imageSha256s).toEqual([one, other]);
  expect(matrixRequestSchema.safeParse({ ...request, imageSha256s: [one, one] }).success).toBe(false);
});
