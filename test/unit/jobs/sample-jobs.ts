import type { JobRequest, JobResult } from '../../../contract/job.ts';

export function sampleRequest(text = 'a red fox'): JobRequest {
  return { kind: 'generate', prompt: { type: 'text', text }, settings: { steps: 4 }, parents: [] };
}

/** The text of a request made by `sampleRequest`. */
export function textOf(request: JobRequest): string {
  return request.kind === 'generate' && request.prompt.type === 'text' ? request.prompt.text : '';
}

export const SAMPLE_RESULT: JobResult = { kind: 'generate', items: [], fidelity: { mean: 0.5, spread: 0, perSeed: [] } };
