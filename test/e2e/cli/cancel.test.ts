import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveOutputSchema } from '../../../main/shell/cli/commands/serve.ts';
import { endOf, startCli } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('Ctrl+C', () => {
  it('cancels a running job, ends with 130 and leaves nothing behind', async () => {
    const scratch = await mkdtemp(join(tmpdir(), 'dediffusion-scratch-'));
    try {
      const args = ['generate', 'a cat', '--steps', '200', '--count', '64', '--out', 'out', '--json'];
      const child = startCli(args, { home, environment: { TMPDIR: scratch } });
      const ended = endOf(child);
      await untilWritten(child.stderr, /Drawing/);
      child.kill('SIGINT');
      const run = await ended;
      expect(run.code).toBe(130);
      expect(JSON.parse(run.stdout)).toEqual({ cancelled: true });
      expect(await readdir(join(home, 'out'))).toEqual([]);
      expect(await readdir(scratch)).toEqual([]);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });

  it('stops the server, which answers until then', async () => {
    const child = startCli(['serve', '--port', '0', '--json'], { home });
    const ended = endOf(child);
    const served = serveOutputSchema.parse(JSON.parse(await untilWritten(child.stdout, /\}\s*$/)));
    const answer = await fetch(`${served.origin}/rpc/packs/list`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${served.token}`, 'Content-Type': 'application/json' },
      body: '{}',
    });
    expect(answer.status).toBe(200);
    const second = await endOf(startCli(['serve', '--port', '0', '--json'], { home }));
    expect(second.code).toBe(1);
    expect(second.stdout).toContain('library-in-use');
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
  });
});

/** Listens to a stream until its text matches, and gives the text back; a stream that ends before is a failure. */
function untilWritten(stream: Readable | null, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (pattern.test(text)) resolve(text);
    });
    stream?.once('close', () => reject(new Error(`ended without ${String(pattern)}:\n${text}`)));
  });
}
