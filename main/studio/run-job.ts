import type { Job, JobResult } from '../../contract/job.ts';
import type { JobContext } from '../jobs/job-context.ts';
import type { JobServices } from './job-services.ts';
import { runEncode } from './run-encode.ts';
import { runGenerate } from './run-generate.ts';
import { runRoundtrip } from './run-roundtrip.ts';

/** What the queue calls for each job. */
export function runJob(services: JobServices, job: Job, context: JobContext): Promise<JobResult> {
  const { request } = job;
  switch (request.kind) {
    case 'encode':
      return runEncode(services, job, request, context);
    case 'generate':
      return runGenerate(services, job, request, context);
    case 'roundtrip':
      return runRoundtrip(services, job, request, context);
  }
}
