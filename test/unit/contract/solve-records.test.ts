import { expect, it } from 'vitest';
import { jobRequestRecord, jobResultRecord } from '../../../contract/job-records.ts';
import { readRecord } from '../../../contract/record.ts';
import { FIRST_RECORDS, NEWER, readJson } from '../../helpers/frozen-records.ts';

it('a solving that was asked for before a judge could be chosen is one by redraws', () => {
  const { schemaVersion, ...stored } = readJson(`${FIRST_RECORDS}/jobs/re-solve-request.json`);
  expect(schemaVersion).toBe(1);
  expect(readRecord(jobRequestRecord, { schemaVersion, ...stored })).toEqual({ ...stored, judge: 'redraws' });
});

it('what came out of one has no loss', () => {
  const { schemaVersion, ...stored } = readJson(`${FIRST_RECORDS}/jobs/re-solve-result.json`);
  expect(schemaVersion).toBe(1);
  expect(readRecord(jobResultRecord, { schemaVersion, ...stored })).toEqual({ ...stored, loss: null });
});

it('other jobs of the first version stay as they are, and later ones are told as newer', () => {
  const request = { kind: 'encode', imageSha256s: ['ab'.repeat(32)], lengths: [15] };
  expect(readRecord(jobRequestRecord, { schemaVersion: 1, ...request })).toEqual(request);
  expect(() => readRecord(jobRequestRecord, { schemaVersion: NEWER, ...request })).toThrow(
    expect.objectContaining({ code: 'record-newer' }) as Error,
  );
});
