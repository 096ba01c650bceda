import { spawn } from 'node:child_process';

/** Runs the desktop program until its window is closed. Resolves with its exit code; null when it was ended by a signal. */
export function runDesktop(electronPath: string, root: string): Promise<number | null> {
  // Chromium has no sandbox for the superuser and does not start with one.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return new Promise((resolve, reject) => {
    const child = spawn(electronPath, [...sandbox, root], {
      stdio: 'inherit',
      env: { ...process.env, npm_node_execpath: process.execPath },
    });
    const pass = (signal: NodeJS.Signals) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, pass);
    child.once('error', reject);
    child.once('exit', (code) => resolve(code));
  });
}
