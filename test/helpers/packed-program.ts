import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';

const limitMs = 300_000;
const pollMs = 50;

export interface PackedProgram {
  readonly process: ChildProcess;
  readonly page: Page;
  /** From the start of the program to its core's first answer. */
  readonly readyMs: number;
  /** Ends it as a system that shuts down does, and waits for its end. */
  readonly close: () => Promise<void>;
}

/** The address a Chromium prints for its debugger; a packed program takes no other driver. */
function readDebuggerAddress(program: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    // Read to the end: a program whose output nobody takes stops when the pipe is full.
    program.stderr?.on('data', (chunk: Buffer) => {
      text = `${text}${chunk.toString()}`.slice(-10_000);
      const address = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
      if (address !== undefined) resolve(address);
    });
    program.once('exit', () => reject(new Error(`The packed program ended before it could be driven: ${text.slice(-2_000)}`)));
    program.once('error', reject);
  });
}

/** Counts starts in the program's own log, which goes on from one start to the next. */
async function countReady(log: string): Promise<number> {
  return (await readFile(log, 'utf8').catch(() => '')).match(/"ready"/g)?.length ?? 0;
}

async function untilReady(log: string, before: number): Promise<void> {
  const deadlineMs = Date.now() + limitMs;
  while ((await countReady(log)) <= before) {
    if (Date.now() > deadlineMs)
      throw new Error(`The packed program's core was not ready after ${String(limitMs)} ms: see ${log}.`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/**
 * Starts a packed program and waits for its window.
 *
 * @param options.command program and arguments, which have `--remote-debugging-port=0`
 * @param options.home its data folder as this process sees it
 */
export async function startPackedProgram(options: {
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly home: string;
}): Promise<PackedProgram> {
  const log = join(options.home, 'logs', 'desktop.log');
  const before = await countReady(log);
  const [executable, ...words] = options.command;
  const startedMs = performance.now();
  const program = spawn(executable, words, { env: options.env, cwd: options.cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  const close = async (): Promise<void> => {
    if (program.exitCode !== null || program.signalCode !== null) return;
    const ended = once(program, 'exit');
    program.kill('SIGTERM');
    await ended;
  };
  try {
    const address = await readDebuggerAddress(program);
    // A driver that connects before there is a window can wait for ever.
    await untilReady(log, before);
    const readyMs = performance.now() - startedMs;
    const browser = await chromium.connectOverCDP(address, { timeout: limitMs });
    const context = browser.contexts()[0];
    const page = context?.pages()[0] ?? (await context?.waitForEvent('page'));
    if (page === undefined) throw new Error('The packed program opened no window.');
    page.setDefaultTimeout(limitMs);
    await page.getByText('Connected', { exact: true }).waitFor();
    return {
      ...{ process: program, page, readyMs },
      close: async () => {
        await browser.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
