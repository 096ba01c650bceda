import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compileCacheVariable } from '../files/compile-cache.ts';
import { withoutKeys } from '../running/known-keys.ts';
import { pictureMessageSchema } from './picture-orders.ts';
import type { PictureCommand, PictureMessage } from './picture-orders.ts';

export interface PictureProcessLimits {
  /** For one picture, waiting for its turn left out. */
  readonly timeLimitMs: number;
  /** Resident, of the whole process. */
  readonly memoryLimitBytes: number;
  /** Whether it stands back where somebody in front of the screen waits for the same cores. */
  readonly standsBack: boolean;
}

export interface PictureProcessOptions extends PictureProcessLimits {
  /** Where Node keeps compiled code, so that it starts sooner; null keeps none. */
  readonly compileCacheFolder: string | null;
  readonly onMessage: (message: PictureMessage) => void;
  /** Called once, whatever ended it. */
  readonly onExit: (exit: PictureProcessExit) => void;
}

export interface PictureProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines it wrote. */
  readonly lastWords: string;
}

export interface PictureProcess {
  send(command: PictureCommand): void;
  kill(): void;
  /** Whether the program that started it lives on for its sake. */
  hold(held: boolean): void;
}

const keptLines = 8;
/** Its own heap holds messages and little else; what it decodes lies outside of it. */
const heapMegabytes = 256;

/** Starts a picture process on the Node that runs this. It ends when this process ends. */
export function startPictureProcess(options: PictureProcessOptions): PictureProcess {
  const { timeLimitMs, memoryLimitBytes, standsBack, compileCacheFolder } = options;
  const limits = [String(timeLimitMs), String(memoryLimitBytes), standsBack ? 'stands-back' : 'as-others'];
  const child = fork(fileURLToPath(new URL('./decode/picture-process.ts', import.meta.url)), limits, {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${heapMegabytes}`],
    env: {
      ...withoutKeys(process.env),
      // libvips would write a line for every oddity of every picture.
      VIPS_WARNING: '0',
      ...compileCacheVariable(compileCacheFolder),
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const lastLines: string[] = [];
  const keep = (line: string): void => {
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
  };
  if (child.stderr) createInterface({ input: child.stderr }).on('line', keep);

  let ended = false;
  const end = (code: number | null, signal: string | null): void => {
    if (ended) return;
    ended = true;
    options.onExit({ code, signal, lastWords: lastLines.join('\n') });
  };
  // 'close' comes after the last message and line; a process that could not start has only 'error'.
  child.on('close', end);
  child.on('error', (error) => {
    keep(error.message);
    if (child.pid === undefined) end(null, null);
  });
  child.on('message', (message) => {
    const read = pictureMessageSchema.safeParse(message);
    // What cannot be read was said by nobody we started: a picture has taken the process over, or it is damaged.
    if (read.success) options.onMessage(read.data);
    else child.kill('SIGKILL');
  });

  return {
    // A message to a process that just died is lost; its exit, which follows, is what counts.
    send: (command) => {
      if (child.connected) child.send(command, () => undefined);
    },
    kill: () => void child.kill('SIGKILL'),
    hold: (held) => {
      const handles = [child, child.channel, child.stderr];
      for (const handle of handles) {
        if (handle === null || handle === undefined) continue;
        if (!('ref' in handle && 'unref' in handle)) continue;
        if (held) handle.ref();
        else handle.unref();
      }
    },
  };
}
