import type { CoreState } from '../../../contract/desktop.ts';
import type { ErrorBody } from '../../../contract/errors.ts';

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

/** The text of a person is safe in every case, and every case says so. */
const kept = 'What you wrote is kept here, and you can go on writing.';

const describeWait = (seconds: number): string => (seconds > 0 ? `in ${seconds} s` : 'now');

/** Why the core is away, as exactly as somebody knows: the desktop program about its own core, or else the connection. */
export function describeCore({ core, reason, answeredOnce, seconds }: Absence): CoreNote {
  const title = answeredOnce ? 'The studio’s core has stopped answering.' : 'The studio’s core does not answer.';
  if (core?.type === 'failed') return { title, text: `${core.error.message} ${core.error.hint} ${kept}`, act: 'restart' };
  if (core?.type === 'restarting') return { title, text: `It starts again ${describeWait(seconds)}. ${kept}`, act: 'try' };
  if (core?.type === 'starting') return { title, text: `It is starting. ${kept}`, act: 'try' };
  if (reason.code === 'unauthorised') return { title: reason.message, text: `${reason.hint} ${kept}`, act: 'try' };
  return { title, text: `${kept} Trying again ${describeWait(seconds)}.`, act: 'try' };
}
