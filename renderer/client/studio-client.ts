import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { StudioClient } from '../../contract/methods.ts';

/**
 * Every method of the contract over `fetch`, at `<origin>/rpc`. The session travels as the cookie the core set with the page,
 * so no token is ever in the page's hands.
 */
export function createStudioClient(origin: string): StudioClient {
  return createORPCClient(new RPCLink({ url: `${origin}/rpc` }));
}
