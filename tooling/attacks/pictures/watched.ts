import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Host } from '../host.ts';

const waitsSchema = z.object({ asked: z.number(), longestMs: z.number(), longestOfIdleMs: z.number() });

/** What a host went through: milliseconds that an unrelated request waited, megabytes it took. */
export interface Strain extends z.infer<typeof waitsSchema> {
  readonly peakMegabytes: number;
}

const mostMs = 250;
export const mostMegabytes = 600;

/** Does `work` while an unrelated request is asked again and again. */
export async function watched(host: Host, work: () => Promise<void>): Promise<Strain> {
  const watcher = fork(fileURLToPath(new URL('./wait-watcher.ts', import.meta.url)), [`${host.origin}/`]);
  try {
    await once(watcher, 'message');
    await work();
    watcher.send('stop');
    const message: unknown[] = await once(watcher, 'message');
    return { ...waitsSchema.parse(message[0]), peakMegabytes: host.peakMegabytes() };
  } finally {
    watcher.kill();
  }
}

export function describeStrain({ asked, longestMs, longestOfIdleMs, peakMegabytes }: Strain): string {
  const waits = `longest wait of ${asked} unrelated requests ${longestMs} ms (at most ${mostMs}; of a server that does nothing ${longestOfIdleMs})`;
  return `${waits}, peak of the host ${peakMegabytes} MB (at most ${mostMegabytes})`;
}

/** Waits that a server without work has as well are the machine's. */
export function isWithinBounds({ longestMs, longestOfIdleMs, peakMegabytes }: Strain): boolean {
  return longestMs <= Math.max(mostMs, longestOfIdleMs) && peakMegabytes <= mostMegabytes;
}
