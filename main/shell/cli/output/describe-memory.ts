import type { DrawingMemory } from '../../../../contract/models/drawing-memory.ts';
import { formatBytes } from './format-bytes.ts';

/** What there is to say before a drawing that hardly fits into memory; null where it fits well, where it runs elsewhere, and where it will be refused, which says so itself. */
export function describeMemory(memory: DrawingMemory | null): string | null {
  if (memory === null || memory.verdict === 'fits' || memory.verdict === 'too-much') return null;
  const { verdict, needBytes, haveBytes, smaller } = memory;
  const counted = `This drawing needs ${formatBytes(needBytes)} of memory at least, and there are ${formatBytes(haveBytes)}`;
  if (verdict === 'close') return `${counted}: that is close.`;
  const fitting = smaller === null ? '' : ` ${smaller.width}x${smaller.height} would fit.`;
  return `${counted} free: the machine may come to a crawl.${fitting}`;
}
