import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DeviceName } from '../../contract/studio-info.ts';
import { engineEventSchema } from './protocol.ts';
import type { EngineCommand, EngineEvent } from './protocol.ts';

export interface EngineProcessOptions {
  readonly device: DeviceName;
  readonly memoryBudgetBytes: number;
  readonly unloadAfterIdleMs: number;
  readonly compileCacheFolder: string | null;
  readonly onEvent: (event: EngineEvent) => void;
  /** Called once, whatever ended the process. */
  readonly onExit: (exit: EngineExit) => void;
  readonly log: (message: string) => void;
}

export interface EngineExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines it wrote, for the error's details. */
  readonly lastWords: string;
}

export interface EngineProcess {
  readonly device: DeviceName;
  readonly processId: number | null;
  send(command: EngineCommand): void;
  /** Ends it at once, in the middle of a run if need be. */
  kill(): void;
  readonly exited: Promise<void>;
}

const keptLines = 8;
/** V8 counts pictures on their way as its own and would collect a heap of a few megabytes twice in each hundred of them. */
const initialHeapMegabytes = 128;

/** Starts one engine process on the Node that runs this, and tells it what it may use. It ends when this process ends. */
export function startEngineProcess(options: EngineProcessOptions): EngineProcess {
  const child = fork(fileURLToPath(new URL('./engine-process.ts', import.meta.url)), [], {
    serialization: 'advanced',
    execArgv: [`--initial-heap-size=${initialHeapMegabytes}`],
    env: options.compileCacheFolder === null ? process.env : { ...process.env, NODE_COMPILE_CACHE: options.compileCacheFolder },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lastLines: string[] = [];
  const keep = (line: string): void => {
    options.log(line);
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
  };
  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface({ input: stream }).on('line', keep);

  const exited = new Promise<void>((resolve) => {
    let ended = false;
    const end = (code: number | null, signal: string | null): void => {
      if (ended) return;
      ended = true;
      options.onExit({ code, signal, lastWords: lastLines.join('\n') });
      resolve();
    };
    // 'close' comes after the last line of output; a process that could not start has only 'error'.
    child.on('close', end);
    child.on('error', (error) => {
      keep(error.message);
      if (child.pid === undefined) end(null, null);
    });
  });
  child.on('message', (message) => options.onEvent(engineEventSchema.parse(message)));

  const send = (command: EngineCommand): void => {
    // A message to a process that just died is lost; its exit, which follows, is what callers hear of.
    if (child.connected) child.send(command, () => undefined);
  };
  const { device, memoryBudgetBytes, unloadAfterIdleMs } = options;
  send({ type: 'start', device, memoryBudgetBytes, unloadAfterIdleMs });
  return { device, processId: child.pid ?? null, send, kill: () => child.kill('SIGKILL'), exited };
}
