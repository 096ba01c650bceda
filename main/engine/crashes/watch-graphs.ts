import { StudioError } from '../../../contract/errors.ts';
import type { OpenSession } from '../../tensor/session.ts';

export interface GraphWatch {
  /** True for a graph that is not to be loaded. */
  readonly isAvoided: (path: string) => boolean;
  /** Called before the runtime is given a graph to load or to run: if this process ends now, it was at that graph. */
  readonly onUse: (path: string) => void;
}

/**
 * Opens graphs as `open` does, and tells which one the runtime is at.
 * @throws StudioError pack-invalid for one that is avoided; as `open` does
 */
export function watchGraphs(open: OpenSession, { isAvoided, onUse }: GraphWatch): OpenSession {
  return async (path) => {
    if (isAvoided(path)) throw avoided(path);
    onUse(path);
    const session = await open(path);
    return {
      ...session,
      run: (feeds) => {
        onUse(path);
        return session.run(feeds);
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
