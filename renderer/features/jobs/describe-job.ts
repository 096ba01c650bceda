import type { Job } from '../../../contract/job.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import { runningText } from '../../state/text/prompt-text.ts';
import { say } from '../../language/say.ts';

/** What a line of the queue speaks of. */
interface JobSubject {
  /** The picture that is read or was drawn, else the one it is compared with; null for none. */
  readonly imageSha256: string | null;
  /** The words that are drawn or looked into, or how many pictures are read; empty where the name says it all. */
  readonly text: string;
}

function ofDocument({ imageSha256, slots }: PromptDocument, picture: string | null = imageSha256): JobSubject {
  return { imageSha256: picture, text: runningText(slots) };
}

/** The picture and the words of a job, for whoever has several of them in the queue. */
export function describeJob({ request, result }: Pick<Job, 'request' | 'result'>): JobSubject {
  switch (request.kind) {
    case 'encode': {
      const count = request.imageSha256s.length;
      return { imageSha256: request.imageSha256s[0] ?? null, text: count === 1 ? '' : say('jobs.pictures', { count }) };
    }
    case 'roundtrip':
      return { imageSha256: request.imageSha256, text: '' };
    case 'generate': {
      const { prompt, originalSha256 } = request;
      const [drawn] = result?.kind === 'generate' ? result.items : [];
      const picture = drawn?.kind === 'generation' ? drawn.image.sha256 : (originalSha256 ?? null);
      return prompt.type === 'text' ? { imageSha256: picture, text: prompt.text } : ofDocument(prompt.document, picture);
    }
    case 'word-values':
    case 're-solve':
      return ofDocument(request.document, request.originalSha256);
    case 'drift':
      return ofDocument(request.document, request.imageSha256);
    case 'matrix':
      return { imageSha256: request.imageSha256s[0] ?? null, text: say('jobs.pictures', { count: request.imageSha256s.length }) };
    case 'refine-blend':
      return ofDocument(request.document);
    case 'batch':
    case 'install':
      return { imageSha256: null, text: '' };
  }
}
