import { flushCompileCache } from 'node:module';
import { deviceSchema } from '../../contract/studio-info.ts';
import { traceError } from '../running/trace-error.ts';
import { EngineRequests } from './engine-requests.ts';

/**
 * The engine: a process of its own, because a model run blocks its event loop, cannot be interrupted and may take the
 * process with it. It touches neither network nor database.
 * Started by start-engine-process.ts, which names the device and sends `start` first.
 */

let hasKeptCode = false;
const log = (line: string): void => void process.stderr.write(`${line}\n`);
const requests = new EngineRequests({
  device: deviceSchema.parse(process.argv[2]),
  send: (event) => void process.send?.(event),
  log,
  // Once, after the first request, because this process is usually killed and Node writes the cache only at a quiet end.
  onFinished: () => {
    if (!hasKeptCode) flushCompileCache();
    hasKeptCode = true;
  },
});

process.on('message', (message) => requests.receive(message));
// A host that is gone wants no results. Ctrl+C reaches the whole process group: the host decides what it means.
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
process.on('unhandledRejection', (error) => requests.failStray(error));
// Whatever threw is in a state nobody knows: the host hears that the process ended, and starts another.
process.on('uncaughtException', (error) => {
  const { kind, code, stack } = traceError(error);
  log(`${kind} ${code}\n${stack}`);
  process.exit(1);
});
