import type { ErrorBody } from '../../contract/errors.ts';
import { hasQueue } from '../../contract/outside/connection.ts';
import { mayCost } from './may-cost.ts';
import type { Payee } from './may-cost.ts';

/** Reasons of `address-unreachable` under which a request was not heard at all. */
const neverHeard = ['refused', 'name', 'no-way'];

/** Whether the answer alone is missing: the request may have been heard. */
export const mayBeHeard = ({ code, details }: Pick<ErrorBody, 'code' | 'details'>): boolean =>
  code === 'address-unreachable' && !neverHeard.includes(String(details['reason']));

/**
 * Whether a failed drawing may be asked of another server without a person: where this one could not be reached, and nothing that
 * costs can have been begun there. A tool with a queue is asked several times for one picture, so that one request that was not
 * heard says nothing of those before it.
 */
export function isMendedElsewhere(error: ErrorBody, payee: Payee): boolean {
  if (error.code !== 'address-unreachable') return false;
  return !mayCost(payee) || (!hasQueue(payee.kind) && !mayBeHeard(error));
}
