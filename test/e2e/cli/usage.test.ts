import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOutputSchema } from './failure-output.ts';
import { runCli, runJson } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('wrong usage', () => {
  it.each<[string[], RegExp]>([
    [['paint'], /unknown command 'paint'/],
    [['encod', 'a.png'], /Did you mean encode/],
    [['encode'], /missing required argument/],
    [['encode', 'a.png', '--lenght', '5'], /unknown option '--lenght'[\s\S]*Did you mean --length/],
    [['encode', 'a.png', '--length', '7'], /5, 15, 75/],
    [['encode', 'a.png', '--top', '0'], /whole number from 1 to 50/],
    [['encode', 'a.png', '--top', '1.5'], /whole number/],
    [['generate', '--out', 'x'], /text in quotes/],
    [['generate', 'a cat'], /--out/],
    [['generate', 'a cat', '--prompt', 'p.json', '--out', 'x'], /not both/],
    [['generate', 'a cat', '--out', 'x', '--steps', '0'], /from 1 to 200/],
    [['generate', 'a cat', '--out', 'x', '--steps', '0x10'], /from 1 to 200/],
    [['generate', 'a cat', '--out', 'x', '--guidance', '-1'], /from 0 to 30/],
    [['generate', 'a cat', '--out', 'x', '--seed', '1e3'], /whole number/],
    [['generate', 'a cat', '--out', 'x', '--seed', '9007199254740993'], /whole number/],
    [['generate', 'a cat', '--out', 'x', '--count', '65'], /from 1 to 64/],
    [['generate', 'a cat', '--out', 'x', '--scheduler', 'magic'], /ddim, pndm/],
    [['generate', 'a cat', '--out', 'x', '--strength', '0.5'], /needs --init/],
    [['generate', 'a cat', '--out', 'x', '--mask', 'a.png'], /--mask needs --init/],
    [['generate', 'a cat', '--out', 'x', '--mask-region'], /--mask-region needs --init/],
    [['generate', 'a cat', '--out', 'x', '--init', 'a.png', '--mask', 'a.png', '--mask-region'], /not both/],
    [['generate', 'a cat', '--out', 'x', '--init', 'a.png', '--strength', '1.1'], /from 0 to 1/],
    [['roundtrip', 'a.png'], /--out/],
    [['roundtrip', 'a.png', '--out', 'x', '--seeds', '0'], /from 1 to 64/],
    [['export', 'a.png'], /--to/],
    [['export', 'a.png', '--to', 'photoshop'], /midjourney/],
    [['export', 'a.png', '--to', 'midjourney', '--aspect', '16x9'], /two whole numbers with a colon/],
    [['packs', 'burn'], /unknown command/],
    [['library', 'list', '--limit', '0'], /from 1 to 1000/],
    [['serve', '--port', '70000'], /from 0 to 65535/],
    [['doctor', 'now'], /too many arguments/],
  ])('%j ends with 2 and says why', async (args, message) => {
    const run = await runCli(args, { home });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(message);
    expect(run.stderr).not.toMatch(/\n\s+at /);
  });

  it('is one JSON document with --json', async () => {
    const { error } = await runJson(['encode', 'a.png', '--length', '7'], { home }, failureOutputSchema, 2);
    expect(error).toMatchObject({ code: 'bad-request', message: expect.stringContaining('5, 15, 75') as string });
  });

  it('shows help without a command, and with success when help was asked for', async () => {
    expect(await runCli([], { home })).toMatchObject({ code: 2, stdout: '' });
    const help = await runCli(['generate', '--help'], { home });
    expect(help.code).toBe(0);
    for (const flag of [
      '--prompt',
      '--steps',
      '--guidance',
      '--seed',
      '--count',
      '--scheduler',
      '--negative',
      '--init',
      '--out',
    ]) {
      expect(help.stdout).toContain(flag);
    }
    expect((await runCli(['--version'], { home })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
