import { StudioError } from '../../../contract/errors.ts';
import type { OpenSession } from '../../tensor/session.ts';

export interface GraphWatch {
  /** True for a graph that is not to be loaded. */
  readonly isAvoided: (path: string) => boolean;
  /**
   * Called before the runtime is given a graph to load or to run that has not come back from a run since it was loaded, and with null when it has:
   * if this process ends in between, it was at that graph. One that has run is trusted from then on, so that its runs cost no message.
   */
  readonly onTrial: (path: string | null) => void;
}

/**
 * Opens graphs as `open` does, and tells which one the runtime is at.
 * @throws StudioError pack-invalid for one that is avoided; as `open` does
 */
export function watchGraphs(open: OpenSession, { isAvoided, onTrial }: GraphWatch): OpenSession {
  return async (path) => {
    if (isAvoided(path)) throw avoided(path);
    onTrial(path);
    const session = await open(path);
    let hasRun = false;
    return {
      ...session,
      run: async (feeds) => {
        if (hasRun) return session.run(feeds);
        onTrial(path);
        const outputs = await session.run(feeds);
        hasRun = true;
        onTrial(null);
        return outputs;
      },
    };
  };
}

/** The end of a graph's path: which graph it is of which pack. */
export function nameGraph(path: string): string {
  return path.split(/[\\/]/).slice(-3).join('/');
}

function avoided(path: string): StudioError {
  const graph = nameGraph(path);
  return new StudioError(
    'pack-invalid',
    `Its graph ${graph} ended the engine twice on this device and is not tried again.`,
    'Verify the model: if its files are right it is tried once more. Else choose another device, or remove the model.',
    { graph, crashed: true },
  );
}
