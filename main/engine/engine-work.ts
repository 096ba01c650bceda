import type { PictureReader } from '../image/picture-reader.ts';
import type { RunContext } from '../running/run-context.ts';
import type { DiffusionPipeline } from '../text-to-image/diffusion-pipeline.ts';
import type { EngineMessage } from './protocol.ts';
import type { SessionCache } from './memory/session-cache.ts';

/** What every request in the engine works with. */
export interface EngineWork {
  readonly requestId: number;
  readonly sessions: SessionCache;
  readonly pictures: PictureReader;
  /** Opens a decoder folder, or gives it as it is open. */
  readonly openPipeline: (folder: string) => Promise<DiffusionPipeline>;
  readonly context: RunContext;
  readonly emit: (message: EngineMessage) => void;
}
