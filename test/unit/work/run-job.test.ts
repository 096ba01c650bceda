import { expect, it } from 'vitest';
import { jobRequestSchema } from '../../../contract/job.ts';
import type { JobRequest } from '../../../contract/job.ts';
import type { Lane, Provider } from '../../../main/ports/provider.ts';
import { needsOf } from '../../../main/work/run-job.ts';

it('gives every kind of work the lane of whoever does it', () => {
  const kinds = jobRequestSchema.options.map(({ shape }) => shape.kind.value);
  const lanes: readonly Lane[] = ['device', 'server paints.example'];
  for (const lane of lanes)
    for (const kind of kinds) expect(needsOf({ kind } as JobRequest, { lane } as Provider)).toEqual({ lane });
});
