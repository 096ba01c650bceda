import { describe, expect, it } from 'vitest';
import type { GenerateRequest } from '../../../contract/job.ts';
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

  it('leaves a reading as it is', () => {
    const encode = { kind: 'encode' as const, imageSha256s: ['a'.repeat(64)], lengths: [5] };
    expect(prepareRequest(encode)).toEqual(encode);
  });
});
