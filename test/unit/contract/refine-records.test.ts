import { expect, it } from 'vitest';
import { jobRequestRecord, jobResultRecord } from '../../../contract/job-records.ts';
import { readRecord } from '../../../contract/record.ts';
import { SIXTH_RECORDS, readJson } from '../../helpers/frozen-records.ts';

it.each(['refine-blend', 'matrix'])('what was asked for of a %s, and what came of it, are read as they are', (kind) => {
  const { schemaVersion, ...request } = readJson(`${SIXTH_RECORDS}/jobs/${kind}-request.json`);
  const { schemaVersion: version, ...result } = readJson(`${SIXTH_RECORDS}/jobs/${kind}-result.json`);
  expect([schemaVersion, version]).toEqual([7, 5]);
  expect(readRecord(jobRequestRecord, { schemaVersion, ...request })).toEqual(request);
  expect(readRecord(jobResultRecord, { schemaVersion: version, ...result })).toEqual(result);
});
