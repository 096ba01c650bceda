import type { Scope } from '../../../contract/access-key.ts';
import type { Exchange } from './exchange.ts';
import type { AccessNeed } from './request-access.ts';

/** What answers requests of some methods to some paths. */
export interface Route {
  readonly methods: readonly string[];
  /** Its groups are handed to `answer`, decoded. */
  readonly path: RegExp;
  readonly need: AccessNeed;
  readonly answer: (exchange: Exchange, groups: readonly string[], scope: Scope) => Promise<void> | void;
}

export const OPEN: AccessNeed = { scope: null, changes: false };
export const READS: AccessNeed = { scope: 'read', changes: false };
/** A method of the contract: which scope it needs, the contract knows. */
export const CALLS: AccessNeed = { scope: 'read', changes: true };
export const DRAWS: AccessNeed = { scope: 'draw', changes: true };
