import type { ConnectionState } from '../../../contract/outside/connection.ts';
import { isCluster } from '../../../contract/outside/connection.ts';
import { fixed, say } from '../../language/say.ts';

/** What a connection has cost so far, and of how much; empty where nobody said its prices. */
export function describeCost(one: ConnectionState): string {
  const { cost } = one.spent;
  if (cost === null || isCluster(one)) return '';
  const limit = one.price?.limit ?? null;
  const of = limit === null ? '' : say('connections.spent.of', { limit: fixed(limit, 2) });
  return `${say('connections.spent.cost', { cost: fixed(cost, 2) })}${of}`;
}
