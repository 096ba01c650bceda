import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** Reads a stream until its text matches, and gives the text back. */
async function untilWritten(stream: NodeJS.ReadableStream | null, pattern: RegExp): Promise<string> {
  let text = '';
  while (stream !== null && !pattern.test(text)) {
    const [chunk] = (await once(stream, 'data')) as [Buffer];
    text += chunk.toString();
  }
  return text;
}
