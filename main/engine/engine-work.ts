import type { CaptionerRole } from '../../contract/models/text-roles.ts';
import type { PictureCaptioner } from '../image-to-text/picture-captioner.ts';
import type { PictureReader } from '../image/picture-reader.ts';
import type { RunContext } from '../running/run-context.ts';
import type { DiffusionPipeline } from '../text-to-image/diffusion-pipeline.ts';
import type { PromptTokenizer } from '../tokenizer/prompt-tokenizer.ts';
import type { EngineMessage } from './protocol.ts';
import type { SessionCache } from './memory/session-cache.ts';

/** What every request in the engine works with. */
export interface EngineWork {
  readonly requestId: number;
  readonly sessions: SessionCache;
  readonly pictures: PictureReader;
  /** Opens a decoder folder, or gives it as it is open. */
  readonly openPipeline: (folder: string) => Promise<DiffusionPipeline>;
  readonly openCaptioner: (packFolder: string, role: CaptionerRole) => Promise<PictureCaptioner>;
  /** Reads the vocabulary of a scorer, or gives it as it was read: a large one takes as long as a small search. */
  readonly openTokenizer: (folder: string) => Promise<PromptTokenizer>;
  readonly context: RunContext;
  readonly emit: (message: EngineMessage) => void;
}
