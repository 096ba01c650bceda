import { describe, expect, it } from 'vitest';
import type { StudioError } from '../../../contract/errors.ts';
import type { GenerateRequest, JobRequest } from '../../../contract/job.ts';
import { makeDocument } from '../../helpers/make-document.ts';
import { prepareRequest } from '../../../main/answers/prepare-request.ts';

const request: GenerateRequest = { kind: 'generate', prompt: { type: 'text', text: 'a fox' }, settings: {}, parents: [] };

describe('prepareRequest', () => {
  it('draws a seed where none is given, and keeps one that is', () => {
    const seeds = new Set(
      Array.from({ length: 20 }, () => {
        const prepared = prepareRequest(request);
        return prepared.kind === 'generate' ? prepared.settings.seed : undefined;
      }),
    );
    expect(seeds.size).toBe(20);
    for (const seed of seeds) {
      expect(Number.isInteger(seed)).toBe(true);
      expect(seed).toBeLessThan(2 ** 32);
    }
    expect(prepareRequest({ ...request, settings: { seed: 0 } })).toMatchObject({ settings: { seed: 0 } });
    expect(prepareRequest({ kind: 'roundtrip', imageSha256: 'a'.repeat(64), lengths: [5], settings: { seed: 3 } })).toMatchObject(
      { settings: { seed: 3 } },
    );
  });

  it('takes no seed from which it could not count up, whatever the work is', () => {
    const imageSha256 = 'a'.repeat(64);
    const last = Number.MAX_SAFE_INTEGER;
    const settings = { seed: last, count: 2 };
    const words = { document: makeDocument(5, imageSha256), originalSha256: imageSha256 };
    const works: JobRequest[] = [
      { ...request, settings },
      { kind: 'roundtrip', imageSha256, lengths: [5], settings },
      { kind: 'word-values', ...words, settings },
      // Its check takes as many seeds again.
      { kind: 're-solve', ...words, settings: { seed: last - 2, count: 2 }, judge: 'redraws', budget: 8 },
    ];
    for (const work of works)
      expect(() => prepareRequest(work)).toThrow(expect.objectContaining({ code: 'bad-request' }) as StudioError);
    for (const seed of [last, last - 1]) {
      const fits: JobRequest = { ...request, settings: { seed, count: last - seed + 1 } };
      expect(prepareRequest(fits)).toMatchObject({ settings: { seed } });
    }
  });

  it('leaves a reading as it is', () => {
    const encode = { kind: 'encode' as const, imageSha256s: ['a'.repeat(64)], lengths: [5] };
    expect(prepareRequest(encode)).toEqual(encode);
  });
});
