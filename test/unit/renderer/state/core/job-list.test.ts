import { expect, it } from 'vitest';
import type { Job } from '../../../../../contract/job.ts';
import type { StudioClient } from '../../../../../contract/methods.ts';
import { JobList } from '../../../../../renderer/state/core/job-list.svelte.ts';

const running: Job = {
  id: 'one',
  request: { kind: 'generate', prompt: { type: 'text', text: 'a fox' }, settings: {}, parents: [] },
  state: 'running',
  createdMs: 1,
  startedMs: 2,
  endedMs: null,
  attempts: 1,
  progress: { fraction: 0.5, phase: 'denoising', step: 1, steps: 2, remainingMs: null, previewUrl: null },
  result: null,
  error: null,
};
const done: Job = { ...running, state: 'done', endedMs: 3, result: { kind: 'generate', items: [], fidelity: null } };
/** The wire's end: it knows this one job. */
const client = { jobs: { get: () => Promise.resolve(done) } } as unknown as StudioClient;

it('gives the result of a job that ended while the connection was lost, though the greeting carries none', async () => {
  const jobs = new JobList(client);
  jobs.update(running);
  const ended = jobs.whenEnded('one');
  jobs.replace([{ ...done, result: null }]);
  expect(await ended).toEqual(done);
  expect(jobs.get('one')).toEqual(done);
});
