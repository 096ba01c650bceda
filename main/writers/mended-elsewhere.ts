import type { ErrorBody } from '../../contract/errors.ts';
import { hasQueue } from '../../contract/outside/connection.ts';
import type { ToolConnection } from '../../contract/outside/connection.ts';

/** Reasons of `address-unreachable` under which a request was not heard at all. */
const neverHeard = ['refused', 'name', 'no-way'];

/**
 * Whether a failed drawing may be asked of another server without a person: where this one could not be reached, and nothing that
 * costs can have been begun there. A tool with a queue is asked several times for one picture, so that one request that was not
 * heard says nothing of those before it.
 */
export function isMendedElsewhere(
  { code, details }: ErrorBody,
  { kind, price }: Pick<ToolConnection, 'kind' | 'price'>,
): boolean {
  if (code !== 'address-unreachable') return false;
  return price === null || (!hasQueue(kind) && neverHeard.includes(String(details['reason'])));
}
