import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';

/** Started at most once a test file. */
let server: Promise<string> | null = null;

/** Ends the server when its input ends: with the process that runs the tests, however that ends. */
const untilInputEnds = 'command -v Xvfb >/dev/null || exit 1; Xvfb "$@" & read -r _; kill $!';

function start(): Promise<string> {
  return new Promise((resolve, reject) => {
    // The server picks a free number itself and writes it to the fourth stream. Without `-noreset` it starts over when the last program
    // on it ends, and takes no other in that time.
    const options = ['-displayfd', '3', '-noreset', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'];
    const child: ChildProcess = spawn('sh', ['-c', untilInputEnds, 'sh', ...options], {
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    });
    child.once('exit', () => reject(new Error('These specs need a display: install Xvfb, or set DISPLAY.')));
    const chosen = child.stdio[3];
    chosen?.once('data', (number: Buffer) => {
      // Neither the server nor the pipes to it keep a script from ending.
      for (const stream of child.stdio) if (stream instanceof Socket) stream.unref();
      resolve(`:${number.toString().trim()}`);
    });
    child.unref();
  });
}

/** Environment for a program with windows: the display there is, or one without a screen. */
export async function startDisplay(): Promise<Readonly<Record<string, string>>> {
  if (process.platform !== 'linux' || Boolean(process.env['DISPLAY'])) return {};
  server ??= start();
  return { DISPLAY: await server };
}
