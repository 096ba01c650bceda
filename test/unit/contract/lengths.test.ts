import { expect, test } from 'vitest';
import { jobRequestSchema } from '../../../contract/job.ts';
import { packLimits } from '../../../contract/models/pack-limits.ts';

const request = (lengths: number[]) => ({ kind: 'encode', imageSha256s: ['a'.repeat(64)], lengths });

test('a length that is named 3,000 times is read once', () => {
  expect(jobRequestSchema.parse(request([...new Array<number>(3000).fill(75), 5]))).toMatchObject({ lengths: [75, 5] });
});

test('more lengths than a pack can have are refused', () => {
  const many = Array.from({ length: packLimits.lengths + 1 }, (_, index) => index + 1);
  expect(jobRequestSchema.safeParse(request(many)).success).toBe(false);
});
