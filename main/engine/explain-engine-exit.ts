import { StudioError } from '../../contract/errors.ts';
import type { EngineExit } from './start-engine-process.ts';

/** Why the running request is lost, in words. SIGKILL that we did not send is the system's, when memory runs out. */
export function explainEngineExit(exit: EngineExit, wasEnded: boolean): StudioError {
  const details = { exitCode: exit.code, signal: exit.signal, lastWords: exit.lastWords, ended: wasEnded };
  if (wasEnded) {
    return new StudioError(
      'engine-crashed',
      'The engine was ended on demand.',
      'Start the job again; the engine starts with it.',
      details,
    );
  }
  if (exit.signal === 'SIGKILL') {
    const message = 'The system ended the engine, most likely because memory ran out.';
    return new StudioError(
      'engine-crashed',
      message,
      'Make a smaller picture, use a smaller pack, or close other programs.',
      details,
    );
  }
  const how = exit.signal ?? (exit.code === null ? 'it could not start' : `exit code ${exit.code}`);
  const hint = 'Try again. If it happens again, choose another device; the details say more.';
  return new StudioError('engine-crashed', `The engine crashed (${how}).`, hint, details);
}
