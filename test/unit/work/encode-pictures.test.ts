import { expect, test } from 'vitest';
import { jobResultRecord } from '../../../contract/job-records.ts';
import { MOST_WITH_DOCUMENTS } from '../../../contract/job.ts';
import { readRecord, writeRecord } from '../../../contract/record.ts';
import { lightenImage } from '../../../main/work/encode-pictures.ts';
import { makeDocument } from '../../helpers/make-document.ts';

const imageSha256 = 'a'.repeat(64);
const image = {
  imageSha256,
  itemIds: ['text-1'],
  documents: [{ itemId: 'text-1', document: makeDocument(75, imageSha256) }],
  error: null,
};

test('the result of a job has its documents up to a number of pictures, and only their names beyond it', () => {
  expect(lightenImage(image, MOST_WITH_DOCUMENTS)).toBe(image);
  expect(lightenImage(image, MOST_WITH_DOCUMENTS + 1)).toEqual({ ...image, documents: [] });
});

test('the result of a large job is small', () => {
  const images = Array.from({ length: 500 }, () => lightenImage(image, 500));
  const json = JSON.stringify(writeRecord(jobResultRecord, { kind: 'encode', images }));
  expect(json.length).toBeLessThan(100_000);
  const read = readRecord(jobResultRecord, JSON.parse(json));
  expect(read.kind === 'encode' && read.images.length).toBe(500);
});
