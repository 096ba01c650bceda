import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { desktopCommand, electronPath, makeHome, skippedBecause } from '../../test/helpers/electron-launch.ts';
import { buildElectron } from '../package/build-electron.ts';
import { judge, median } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';

const limitMs = 120_000;
const runs = 5;

/** The debugger's address. Asked for only after the start that is measured, so that driving the program does not slow it. */
function readDebuggerAddress(program: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    program.stderr?.on('data', (chunk: Buffer) => {
      text = `${text}${chunk.toString()}`.slice(-10_000);
      const address = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
      if (address !== undefined) resolve(address);
    });
    program.once('exit', () => reject(new Error(`The desktop program ended: ${text.slice(-1_000)}`)));
  });
}

async function untilCoreAnswers(home: string): Promise<void> {
  const deadlineMs = Date.now() + limitMs;
  const log = () => readFile(join(home, 'logs', 'desktop.log'), 'utf8').catch(() => '');
  while (!(await log()).includes('"ready"')) {
    if (Date.now() > deadlineMs) throw new Error('The desktop program’s core did not answer.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** From the start of the program to the first painted content of its window, as Chromium itself noted it. */
async function windowMs(home: string): Promise<number> {
  await rm(join(home, 'logs'), { recursive: true, force: true });
  const { executablePath, args, env } = await desktopCommand({ home, arguments: ['--remote-debugging-port=0'] });
  const startedMs = Date.now();
  const program = spawn(executablePath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(program, 'exit');
  try {
    const address = await readDebuggerAddress(program);
    await untilCoreAnswers(home);
    const browser = await chromium.connectOverCDP(address, { timeout: limitMs });
    const page = browser.contexts()[0]?.pages()[0];
    if (page === undefined) throw new Error('The desktop program opened no window.');
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    const paintedMs = await page.evaluate(
      () => performance.timeOrigin + (performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN),
    );
    await browser.close();
    return paintedMs - startedMs;
  } finally {
    program.kill('SIGTERM');
    await ended;
  }
}

/** The desktop's row, on a second and later start; none, and a sentence that says why, where there is no Electron. */
export async function measureDesktop(): Promise<BenchRow[]> {
  if (electronPath === null) {
    console.error(`Skipped: the desktop window (${skippedBecause}).`);
    return [];
  }
  await buildElectron({ ifStale: true });
  const home = await makeHome();
  try {
    await windowMs(home);
    const times: number[] = [];
    for (let run = 0; run < runs; run += 1) times.push(await windowMs(home));
    return [judge({ name: 'desktop window painted, warm start', unit: 'ms', atMost: 1_500 }, median(times))];
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
