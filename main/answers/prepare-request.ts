import { StudioError } from '../../contract/errors.ts';
import type { JobRequest } from '../../contract/job.ts';
import { withSeed } from '../batches/with-seed.ts';

/** A request as the queue keeps it: with the seed it is drawn by, so that a second start draws the same pictures. @throws StudioError `bad-request` for work the queue does not take */
export function prepareRequest(request: JobRequest): JobRequest {
  switch (request.kind) {
    case 'encode':
    case 'drift':
    case 'refine-blend':
    case 'install':
      return request;
    case 'generate':
      return { ...request, settings: withSeed(request.settings) };
    case 'matrix':
      return { ...request, draw: request.draw === null ? null : withSeed(request.draw) };
    case 'roundtrip':
      return { ...request, settings: withSeed(request.settings) };
    case 'word-values':
    case 're-solve':
      // As many seeds again check what was found.
      return { ...request, settings: withSeed(request.settings, 2 * (request.settings.count ?? 1)) };
    case 'batch':
      throw new StudioError('bad-request', 'The job of a batch is made by the studio.', 'Resume the batch instead.');
  }
}
