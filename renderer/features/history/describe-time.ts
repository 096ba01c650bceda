import { clock } from '../../language/say.ts';

/** "14:05"; empty for a step whose time was not kept. */
export function describeTime(atMs: number): string {
  return atMs === 0 ? '' : clock(atMs);
}
