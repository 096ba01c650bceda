import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const START = fileURLToPath(new URL('../../../tooling/start/start.mjs', import.meta.url));

export interface StartedProcess {
  readonly child: ChildProcess;
  /** Everything it has said so far, on both streams. */
  readonly output: () => string;
  /** Resolves with the exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

/** Runs what `npm start` runs, on a data folder of the test's own. */
export function runStart(dataFolder: string, args: readonly string[]): StartedProcess {
  const child = spawn(process.execPath, [START, '--no-open', ...args], {
    env: { ...process.env, DEDIFFUSION_HOME: dataFolder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return { child, output: () => text, ended };
}

/** The printed link, as soon as it is there. Fails when the process ends without it. */
export async function readLink(started: StartedProcess): Promise<URL> {
  const over: (number | string)[] = [];
  void started.ended.then((code) => over.push(code));
  for (;;) {
    const link = /http:\/\/\S+\?token=\S+/.exec(started.output())?.[0];
    if (link !== undefined) return new URL(link);
    if (over[0] !== undefined) throw new Error(`ended with ${over[0]}: ${started.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
