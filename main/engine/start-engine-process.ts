import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import type { Device } from '../../contract/studio-info.ts';
import { compileCacheVariable } from '../files/compile-cache.ts';
import { withoutKeys } from '../running/known-keys.ts';
import { withLibraries } from './probe-device.ts';
import { nameGraph } from './crashes/watch-graphs.ts';
import { engineEventSchema, readRequestId } from './protocol.ts';
import type { EngineCommand, EngineEvent } from './protocol.ts';

export interface EngineProcessOptions {
  readonly device: Device;
  readonly memoryBudgetBytes: number;
  readonly unloadAfterIdleMs: number;
  readonly compileCacheFolder: string | null;
  /** Libraries that were installed for the device; null for the program's own alone. */
  readonly librariesFolder: string | null;
  readonly onEvent: (event: EngineEvent) => void;
  /** It said something that cannot be read, about this request or, with null, about none. */
  readonly onUnreadable: (requestId: number | null, error: StudioError) => void;
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
  readonly device: Device;
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
  const child = fork(fileURLToPath(new URL('./engine-process.ts', import.meta.url)), [options.device], {
    serialization: 'advanced',
    execArgv: [`--initial-heap-size=${initialHeapMegabytes}`],
    env: {
      ...withLibraries(withoutKeys(process.env), options.librariesFolder),
      ...compileCacheVariable(options.compileCacheFolder),
    },
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
  child.on('message', (message) => {
    const event = engineEventSchema.safeParse(message);
    if (event.success) options.onEvent(event.data);
    else options.onUnreadable(readRequestId(message), unreadable(z.prettifyError(event.error)));
  });

  const send = (command: EngineCommand): void => {
    // A message to a process that just died is lost; its exit, which follows, is what callers hear of.
    if (child.connected) child.send(command, () => undefined);
  };
  const { device, memoryBudgetBytes, unloadAfterIdleMs } = options;
  send({ type: 'start', memoryBudgetBytes, unloadAfterIdleMs });
  return { device, processId: child.pid ?? null, send, kill: () => child.kill('SIGKILL'), exited };
}

function unreadable(reason: string): StudioError {
  const message = 'The engine answered something the studio cannot read.';
  return new StudioError('internal', message, 'Try again; if it stays, report it with the details.', { reason });
}

/**
 * Why the running request is lost, in words. SIGKILL that we did not send is the system's, when memory runs out.
 * @param path of the graph that the runtime was at; null for none
 */
export function explainEngineExit(exit: EngineExit, wasEnded: boolean, path: string | null): StudioError {
  const graph = path === null ? null : nameGraph(path);
  const facts = { exitCode: exit.code, signal: exit.signal, lastWords: exit.lastWords, ended: wasEnded };
  const details = { ...facts, ...(graph === null ? {} : { graph }) };
  const at = graph === null ? '' : ` at the graph ${graph}`;
  if (wasEnded) {
    return new StudioError(
      'engine-crashed',
      'The engine was ended on demand.',
      'Start the job again; the engine starts with it.',
      details,
    );
  }
  if (exit.signal === 'SIGKILL') {
    const message = `The system ended the engine${at}, most likely because memory ran out.`;
    return new StudioError(
      'engine-crashed',
      message,
      'Make a smaller picture, use a smaller model, or close other programs.',
      details,
    );
  }
  const how = exit.signal ?? (exit.code === null ? 'it could not start' : `exit code ${exit.code}`);
  const hint = 'Try again. If it happens again, choose another device; the details say more.';
  return new StudioError('engine-crashed', `The engine crashed${at} (${how}).`, hint, details);
}
