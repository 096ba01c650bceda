import { expect, it } from 'vitest';
import { jobRequestSchema } from '../../../contract/job.ts';
import type { JobRequest } from '../../../contract/job.ts';
import { needsOf } from '../../../main/work/needs-of.ts';

it('says of every kind of work that models on this machine do it', () => {
  const kinds = jobRequestSchema.options.map(({ shape }) => shape.kind.value);
  for (const kind of kinds) expect(needsOf({ kind } as JobRequest)).toEqual({ lane: 'device' });
});
