import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** Started at most once a test file; ended with the process that runs it. */
let server: Promise<string> | null = null;

function start(): Promise<string> {
  return new Promise((resolve, reject) => {
    // The server picks a free number itself and writes it to the fourth stream.
    const child: ChildProcess = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    child.once('error', () => reject(new Error('These specs need a display: install Xvfb, or set DISPLAY.')));
    child.once('exit', (code) => reject(new Error(`Xvfb ended with ${code ?? 'a signal'} before it was ready.`)));
    const chosen = child.stdio[3];
    chosen?.once('data', (number: Buffer) => resolve(`:${number.toString().trim()}`));
    process.once('exit', () => child.kill());
  });
}

/** Environment for a program with windows: the display there is, or one without a screen. */
export async function startDisplay(): Promise<Readonly<Record<string, string>>> {
  if (process.platform !== 'linux' || Boolean(process.env['DISPLAY'])) return {};
  server ??= start();
  return { DISPLAY: await server };
}
