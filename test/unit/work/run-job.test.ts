import { expect, it } from 'vitest';
import { jobRequestSchema } from '../../../contract/job.ts';
import type { JobRequest } from '../../../contract/job.ts';
import type { Lane, Provider } from '../../../main/ports/provider.ts';
import type { JobServices } from '../../../main/services/job-services.ts';
import { needsOf } from '../../../main/work/run-job.ts';

const hub = { origin: 'https://models.example:8443' };
const servicesWith = (lane: Lane) => ({ models: { lane } as Provider, installer: { hub } as JobServices['installer'] });

it('gives every kind of work with models the lane of whoever does it', () => {
  const kinds = jobRequestSchema.options.map(({ shape }) => shape.kind.value).filter((kind) => kind !== 'install');
  const lanes: readonly Lane[] = ['device', 'server paints.example'];
  for (const lane of lanes)
    for (const kind of kinds) expect(needsOf({ kind } as JobRequest, servicesWith(lane))).toEqual({ lane });
});

it('lets an install wait for the hub alone, beside what is drawn', () => {
  const needs = needsOf({ kind: 'install' } as JobRequest, servicesWith('device'));
  expect(needs).toEqual({ lane: 'server models.example:8443' });
});
