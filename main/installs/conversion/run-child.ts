import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ChildOrder {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Every line of its standard output. */
  readonly onLine: (line: string) => void;
}

export interface ChildEnd {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines of its standard error. */
  readonly lastWords: string;
}

const keptLines = 12;

/**
 * Runs another program to its end. Its standard input stays open as long as this process lives, so that it can end with it. An abort
 * ends it at once, in the middle of whatever it does.
 *
 * @throws the signal's reason, once the program has ended; the system's error where it could not be started
 */
export async function runChild(
  { command, args, folder, environment, onLine }: ChildOrder,
  signal: AbortSignal,
): Promise<ChildEnd> {
  signal.throwIfAborted();
  const child = spawn(command, args, { cwd: folder, env: environment, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  const end = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', end, { once: true });
  const lastLines: string[] = [];
  createInterface({ input: child.stdout }).on('line', onLine);
  createInterface({ input: child.stderr }).on('line', (line) => {
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
  });
  // A program that ends early leaves nobody to read.
  child.stdin.on('error', () => undefined);
  try {
    const ended = await new Promise<Omit<ChildEnd, 'lastWords'>>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, by) => resolve({ code, signal: by }));
    });
    signal.throwIfAborted();
    return { ...ended, lastWords: lastLines.join('\n') };
  } finally {
    signal.removeEventListener('abort', end);
  }
}
