import { StudioError } from '../../contract/errors.ts';
import type { JobRequest, PromptSource } from '../../contract/job.ts';
import type { PromptDocument } from '../../contract/prompt.ts';
import { withSeed } from '../batches/with-seed.ts';

/**
 * What drawing needs of a prompt. A job is stored and pushed to every page at each step; the alternatives and attention
 * maps of its text, which the library keeps, would be most of that.
 */
function slim(prompt: PromptSource): PromptSource {
  return prompt.type === 'text' ? prompt : { type: 'document', document: slimDocument(prompt.document) };
}

function slimDocument(document: PromptDocument): PromptDocument {
  return { ...document, slots: document.slots.map((slot) => ({ ...slot, alternatives: [], attention: null })) };
}

/** A request as the queue keeps it. @throws StudioError `bad-request` for work the queue does not take */
export function prepareRequest(request: JobRequest): JobRequest {
  switch (request.kind) {
    case 'encode':
      return request;
    case 'generate':
      return { ...request, prompt: slim(request.prompt), settings: withSeed(request.settings) };
    case 'roundtrip':
      return { ...request, settings: withSeed(request.settings) };
    case 'word-values':
      return { ...request, document: slimDocument(request.document), settings: withSeed(request.settings) };
    case 're-solve': {
      // As many seeds again check what was found.
      const settings = withSeed(request.settings, 2 * (request.settings.count ?? 1));
      return { ...request, document: slimDocument(request.document), settings };
    }
    case 'drift':
      return { ...request, document: slimDocument(request.document) };
    case 'batch':
      throw new StudioError('bad-request', 'The job of a batch is made by the studio.', 'Resume the batch instead.');
  }
}
