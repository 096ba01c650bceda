import { BodyLimitPlugin, RPCHandler } from '@orpc/server/node';
import type { Context } from '@orpc/server';
import { StudioError } from '../../../contract/errors.ts';
import type { StudioRouter } from '../../studio.ts';
import { toWireError } from '../../studio.ts';
import type { LogFailure } from '../../studio.ts';

/** A prompt document of 4,096 slots with fifty alternatives each is below this. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** Often enough that proxies and sleeping laptops do not take the stream for dead. */
const KEEP_ALIVE_MS = 10_000;

function isUnreadableBody(error: unknown): boolean {
  return error instanceof SyntaxError || error instanceof TypeError;
}

function unreadableBody(): StudioError {
  return new StudioError('bad-request', 'The request is not JSON.', 'Send {"json": …} as the contract’s clients do.');
}

/** The contract over HTTP: `POST /rpc/<group>/<method>`; streams are server-sent events with heartbeats. */
export function createRpcHandler(router: StudioRouter, logFailure: LogFailure): RPCHandler<Context> {
  return new RPCHandler(router, {
    plugins: [new BodyLimitPlugin({ maxBodySize: MAX_BODY_BYTES })],
    eventIteratorKeepAliveInterval: KEEP_ALIVE_MS,
    // What the methods throw has been converted by the contract already; what is left failed before or after it.
    interceptors: [
      async (call) => {
        try {
          return await call.next();
        } catch (error) {
          throw toWireError(isUnreadableBody(error) ? unreadableBody() : error, logFailure);
        }
      },
    ],
  });
}
