import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A place for the host to listen that no port scanner finds: a socket in a folder only this account can enter, or a pipe with an unguessable name.
 * Short, because a socket's path may have no more than about a hundred characters.
 */
export function createSocketPath(platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return `\\\\.\\pipe\\dediffusion-${randomBytes(16).toString('hex')}`;
  return join(mkdtempSync(join(tmpdir(), 'dediffusion-')), 'host');
}
