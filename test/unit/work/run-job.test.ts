import { expect, it } from 'vitest';
import { jobRequestSchema } from '../../../contract/job.ts';
import type { JobRequest } from '../../../contract/job.ts';
import type { Lane } from '../../../main/ports/lane.ts';
import type { JobServices } from '../../../main/services/job-services.ts';
import { needsOf } from '../../../main/work/run-job.ts';

it('gives a drawing of a tool the lane of its server', () => {
  const tools = { lanesOf: (id: string) => [`server ${id}.example`] as const, widthOf: () => 2 };
  const services = { models: { lane: 'device' }, tools } as unknown as JobServices;
  const request = { kind: 'generate', connectionId: 'paints' } as JobRequest;
  expect(needsOf(request, services)).toEqual({ lane: 'server paints.example', width: 2 });
});

it('gives a caption the lane of the language model that sees, and other readings that of the models here', () => {
  const captioners = { laneOf: (id: string) => `server ${id}.example` };
  const services = { models: { lane: 'device' }, captioners } as unknown as JobServices;
  const read = (reader: object) => needsOf({ kind: 'encode', reader } as unknown as JobRequest, services);
  expect(read({ method: 'caption', connectionId: 'eyes' })).toEqual({ lane: 'server eyes.example' });
  expect(read({ method: 'clip-search' })).toEqual({ lane: 'device' });
});

it('gives every kind of work the lane of whoever does it, an install that of the hub, and a conversion that of the device', () => {
  const kinds = jobRequestSchema.options.map(({ shape }) => shape.kind.value);
  const lanes: readonly Lane[] = ['device', 'server paints.example'];
  const installer = { hub: { origin: 'https://hub.example' } };
  for (const lane of lanes) {
    const services = { models: { lane }, installer } as unknown as JobServices;
    for (const kind of kinds) {
      const expected = kind === 'install' ? 'server hub.example' : lane;
      expect(needsOf({ kind, source: { type: 'folder' } } as JobRequest, services)).toEqual({ lane: expected });
    }
    expect(needsOf({ kind: 'install', source: { type: 'checkpoint' } } as JobRequest, services)).toEqual({ lane });
  }
});
