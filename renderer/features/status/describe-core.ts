import type { CoreState } from '../../../contract/desktop.ts';
import type { ErrorBody } from '../../../contract/errors.ts';
import { say, sayError } from '../../language/say.ts';

/** What the banner says, and what its button does. */
export interface CoreNote {
  readonly title: string;
  readonly text: string;
  readonly act: 'try' | 'restart';
}

export interface Absence {
  /** What the desktop program says about its core; null in a browser. */
  readonly core: CoreState | null;
  /** Why the last try failed. */
  readonly reason: ErrorBody;
  /** Whether the core has answered before. */
  readonly answeredOnce: boolean;
  /** Until the next try, or until the desktop program starts its core again. */
  readonly seconds: number;
}

const describeWait = (seconds: number): string =>
  seconds > 0 ? say('status.inSeconds', { count: seconds }) : say('status.atOnce');

/** Why the core is away, as exactly as somebody knows: the desktop program about its own core, or else the connection. */
export function describeCore({ core, reason, answeredOnce, seconds }: Absence): CoreNote {
  // The text of a person is safe in every case, and every case says so.
  const kept = say('status.kept');
  const title = answeredOnce ? say('status.coreStopped') : say('status.coreAway');
  if (core?.type === 'failed') return { title, text: `${sayError(core.error)} ${core.error.hint} ${kept}`, act: 'restart' };
  if (core?.type === 'restarting')
    return { title, text: `${say('status.startsAgain', { when: describeWait(seconds) })} ${kept}`, act: 'try' };
  if (core?.type === 'starting') return { title, text: `${say('status.isStarting')} ${kept}`, act: 'try' };
  if (reason.code === 'unauthorised') return { title: reason.message, text: `${reason.hint} ${kept}`, act: 'try' };
  return { title, text: `${kept} ${say('status.tryingAgain', { when: describeWait(seconds) })}`, act: 'try' };
}
