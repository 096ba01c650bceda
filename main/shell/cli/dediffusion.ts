import { useCompileCache } from '../../files/compile-cache.ts';
import { locateDataFolder } from '../../files/locate-data-folder.ts';
import { callerFolder } from './caller-folder.ts';
import { ExitCode } from './exit-code.ts';

/*
 * Start here: the command line. The first Ctrl+C cancels what runs and waits for its clean end; a second one ends the
 * process at once.
 */
const stop = new AbortController();
/** Under `npm run` one Ctrl+C arrives twice, from the terminal and from npm. */
const SAME_KEYSTROKE_MS = 250;
let stoppedAtMs = 0;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    const nowMs = performance.now();
    if (stop.signal.aborted) {
      if (nowMs - stoppedAtMs > SAME_KEYSTROKE_MS) process.exit(ExitCode.cancelled);
      return;
    }
    stoppedAtMs = nowMs;
    stop.abort(new DOMException('Cancelled by the person at the keyboard.', 'AbortError'));
  });
}

/** The reader has gone (`| head`): nobody is left to tell, so the command ends without a stack. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? ExitCode.done : ExitCode.failed));
}

const folder = callerFolder(process.env);
if (folder !== null) process.chdir(folder);

useCompileCache(locateDataFolder());
// Loaded only now: what is loaded before is not kept.
const { runProgram } = await import('./run-program.ts');
process.exit(await runProgram(process.argv.slice(2), stop.signal));
