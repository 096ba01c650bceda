import { join } from 'node:path';
import type { ScorerRole } from '../../../contract/models/pack.ts';
import { ImageScorer } from '../../text-to-image/judges/image-scorer.ts';
import type { EngineWork } from '../engine-work.ts';

/** A pack's scorer, for one call: its graphs and its vocabulary are kept beyond it. */
export function openScorer(
  packFolder: string,
  { vision, text, tokenizer }: ScorerRole,
  { sessions, openTokenizer }: Pick<EngineWork, 'sessions' | 'openTokenizer'>,
): ImageScorer {
  const inPack = (path: string): string => join(packFolder, path);
  const paths = { vision: inPack(vision), text: inPack(text), tokenizer: inPack(tokenizer) };
  return new ImageScorer(paths, sessions.open, openTokenizer);
}
