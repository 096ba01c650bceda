import { hasQueue } from '../../contract/outside/connection.ts';
import type { ToolConnection, ToolKind } from '../../contract/outside/connection.ts';
import { isLoopback } from '../network/check-destination.ts';

/** Tools that a person runs; the others are services, or servers that speak as one does. */
const ownKinds: readonly ToolKind[] = ['comfyui', 'a1111', 'invokeai'];

export type Payee = Pick<ToolConnection, 'kind' | 'price' | 'address'>;

/** Whether a picture may cost something there: it has a price, or it is a service elsewhere of which nobody said one. */
export function mayCost({ kind, price, address }: Payee): boolean {
  return price !== null || (!ownKinds.includes(kind) && !isLoopback(new URL(address)));
}

/** Whether a drawing that broke off there would be paid again if it were begun again: it costs, and there is no queue to find it in. */
export const isPaidAgain = (payee: Payee): boolean => mayCost(payee) && !hasQueue(payee.kind);

/** What a person has to know before they draw the same once more there: whatever came of a drawing already, all of it is asked for. */
export const tellPaidAgain = (count: number): string =>
  count === 1
    ? 'Drawn again, it may be paid again.'
    : `Drawn again, all ${count} pictures may be paid again, also those that came: they are in the library.`;
