import { createHash } from 'node:crypto';

/** What a server with a queue is asked for one picture by: in the form of a UUID, the same for the same work, seed and attempt. */
export function drawingIdOf(workId: string, seed: number, attempt: number): string {
  const hex = createHash('sha256').update(`${workId} ${seed} ${attempt}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
