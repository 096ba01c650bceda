import { z } from 'zod';
import { errorBodySchema } from '../../../../contract/errors.ts';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the program tells the host over the child process's own channel; the token never stands in arguments or environment. */
export const hostOrderSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('open'),
    /** Unix socket or Windows named pipe to listen on. */
    socketPath: z.string(),
    token: z.string().min(32),
    /** Keys of other programs, all there are; they stay in the host's memory. */
    secrets: z.record(z.string(), z.string()),
  }),
  /** All keys there are, after a change. */
  z.object({ type: z.literal('secrets'), values: z.record(z.string(), z.string()) }),
  z.object({ type: z.literal('close') }),
]);
export type HostOrder = z.infer<typeof hostOrderSchema>;

export const hostReportSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** It cannot open, for a reason a person can do something about; starting again at once would not help. */
  z.object({ type: z.literal('refused'), error: errorBodySchema }),
]);
export type HostReport = z.infer<typeof hostReportSchema>;

/** The name the host answers to, and the only one. */
export const hostName = 'studio';

/**
 * A place for the host to listen that no port scanner finds: a socket in a folder only this account can enter, or a pipe with an unguessable name.
 * Short, because a socket's path may have no more than about a hundred characters.
 */
export function createSocketPath(platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return `\\\\.\\pipe\\dediffusion-${randomBytes(16).toString('hex')}`;
  return join(mkdtempSync(join(tmpdir(), 'dediffusion-')), 'host');
}
