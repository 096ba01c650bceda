import type { Job, JobResult, JobRequest } from '../../contract/job.ts';
import type { JobContext } from '../jobs/job-context.ts';
import type { YIELDED, JobNeeds } from '../jobs/job-queue.ts';
import type { JobServices } from '../services/job-services.ts';
import { runBatch } from './batch/run-batch.ts';
import { runDrift } from './run-drift.ts';
import { runEncode } from './run-encode.ts';
import { runMatrix } from './blending/run-matrix.ts';
import { runRefineBlend } from './blending/run-refine-blend.ts';
import { runInstall } from './run-install.ts';
import { runGenerate } from './run-generate.ts';
import { runReSolve } from './solving/run-re-solve.ts';
import { runRoundtrip } from './run-roundtrip.ts';
import { runWordValues } from './run-word-values.ts';

/** What the queue calls for each job. */
export function runJob(services: JobServices, job: Job, context: JobContext): Promise<JobResult | typeof YIELDED> {
  const { request } = job;
  switch (request.kind) {
    case 'encode':
      return runEncode(services, job, request, context);
    case 'generate':
      return runGenerate(services, job, request, context);
    case 'roundtrip':
      return runRoundtrip(services, job, request, context);
    case 'word-values':
      return runWordValues(services, request, context);
    case 're-solve':
      return runReSolve(services, request, context);
    case 'drift':
      return runDrift(services, job, request, context);
    case 'batch':
      return runBatch(services, request, context);
    case 'matrix':
      return runMatrix(services, job, request, context);
    case 'refine-blend':
      return runRefineBlend(services, request, context);
    case 'install':
      return runInstall(services, request, context);
  }
}

function needsOfTool(connectionId: string, tools: JobServices['tools']): JobNeeds {
  const [lane, ...others] = tools.lanesOf(connectionId);
  return { lane, ...(others.length === 0 ? {} : { others }), width: tools.widthOf(connectionId) };
}

/** What each kind of work needs: the lane of whoever reads, draws and compares for it. */
export function needsOf(
  request: JobRequest,
  { models, tools, captioners, installer }: Pick<JobServices, 'models' | 'tools' | 'captioners' | 'installer'>,
): JobNeeds {
  switch (request.kind) {
    case 'generate':
      if (request.connectionId === undefined) return { lane: models.lane };
      return needsOfTool(request.connectionId, tools);
    case 'encode':
      return { lane: request.reader?.method === 'caption' ? captioners.laneOf(request.reader.connectionId) : models.lane };
    case 'roundtrip':
    case 'word-values':
    case 're-solve':
    case 'drift':
    case 'batch':
    case 'matrix':
    case 'refine-blend':
      return { lane: models.lane };
    case 'install':
      // A conversion takes the memory and the cores that drawing takes.
      if (request.source.type === 'checkpoint') return { lane: models.lane };
      // Two at once would only share the line; drawing goes on beside.
      return { lane: `server ${new URL(installer.hub.origin).host}` };
  }
}

/** Whoever waits in front of a picture goes before a folder of them; batches go in the order a person gave them, matrices after them. */
export function rankOf(request: JobRequest, { batches }: Pick<JobServices, 'batches'>): number {
  if (request.kind === 'matrix') return Infinity;
  return request.kind === 'batch' ? 1 + batches.rank(request.batchId) : 0;
}
