import { expect, it } from 'vitest';
import type { Job } from '../../../../contract/job.ts';
import { describeJob } from '../../../../renderer/features/jobs/describe-job.ts';
import { makeDocument } from '../../../helpers/make-document.ts';

const [original, other] = ['a'.repeat(64), 'b'.repeat(64)];
const of = (request: Job['request']) => describeJob({ request, result: null });

it('names what a job of the queue draws, and the picture it belongs to', () => {
  const document = makeDocument(3, original);
  const settings = {};
  expect(
    of({ kind: 'generate', prompt: { type: 'document', document }, settings, originalSha256: original, parents: [] }),
  ).toEqual({ imageSha256: original, text: 'a red fox' });
  expect(of({ kind: 'generate', prompt: { type: 'text', text: 'a lake' }, settings, parents: [] })).toEqual({
    imageSha256: null,
    text: 'a lake',
  });
  expect(of({ kind: 'drift', document, imageSha256: other })).toEqual({ imageSha256: other, text: 'a red fox' });
});

it('counts the pictures of a job that reads several', () => {
  expect(of({ kind: 'encode', imageSha256s: [original], lengths: [15] })).toEqual({ imageSha256: original, text: '' });
  expect(of({ kind: 'encode', imageSha256s: [original, other], lengths: [15] }).text).toBe('2 pictures');
  expect(of({ kind: 'batch', batchId: 'one', name: 'Holiday' })).toEqual({ imageSha256: null, text: '' });
});
