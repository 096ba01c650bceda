import type { CoreState } from '../../../contract/desktop.ts';
import type { ConnectionState } from '../../state/connection.svelte.ts';

/** What the banner says beside its first sentence, and what its button does. */
export interface CoreNote {
  readonly text: string;
  readonly act: 'try' | 'restart';
}

/** The text of a person is safe in every case, so that is said in every case but where it goes without saying. */
const kept = 'What you wrote is kept here, and you can go on writing.';

function describeWait(seconds: number): string {
  return seconds > 0 ? `in ${seconds} s` : 'now';
}

/**
 * Why the core is away, as exactly as somebody knows: the desktop program about its own core, or else the connection.
 *
 * @param seconds until the next try, or until the desktop program starts its core again
 */
export function describeCore(
  core: CoreState | null,
  connection: Extract<ConnectionState, { type: 'lost' }>,
  seconds: number,
): CoreNote {
  if (core?.type === 'failed') return { text: `${core.error.message} ${core.error.hint} ${kept}`, act: 'restart' };
  if (core?.type === 'restarting') return { text: `${core.reason} It starts ${describeWait(seconds)}. ${kept}`, act: 'try' };
  if (core?.type === 'starting') return { text: `It is starting. ${kept}`, act: 'try' };
  if (connection.reason.code === 'unauthorised')
    return { text: `${connection.reason.message} ${connection.reason.hint} ${kept}`, act: 'try' };
  return { text: `${kept} Trying again ${describeWait(seconds)}.`, act: 'try' };
}
