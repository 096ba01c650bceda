import { OpenAPIHandler } from '@orpc/openapi/node';
import { ORPCError } from '@orpc/server';
import { BodyLimitPlugin, RPCHandler } from '@orpc/server/node';
import { StudioError, errorBodySchema } from '../../../contract/errors.ts';
import type { CallContext, StudioRouter } from '../../studio.ts';
import { toWireError } from '../../studio.ts';
import type { LogFailure } from '../../studio.ts';
import { statusOf } from './write-error.ts';

/** A prompt document of 4,096 slots with fifty alternatives each is below this. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** Often enough that proxies and sleeping laptops do not take the stream for dead. */
const KEEP_ALIVE_MS = 10_000;

function isUnreadableBody(error: unknown): boolean {
  return error instanceof SyntaxError || error instanceof TypeError;
}

function unreadableBody(): StudioError {
  return new StudioError('bad-request', 'The request is not JSON.', 'Send JSON as the contract describes it.');
}

/** Makes every failure the contract's. What the methods throw is by now; what is left failed before or after them. */
function convertFailures(logFailure: LogFailure, convert: (error: ReturnType<typeof toWireError>) => Error) {
  return async <Answer>(call: { readonly next: () => Promise<Answer> }): Promise<Answer> => {
    try {
      return await call.next();
    } catch (error) {
      throw convert(toWireError(isUnreadableBody(error) ? unreadableBody() : error, logFailure));
    }
  };
}

/** The contract over HTTP: `POST /rpc/<group>/<method>`; streams are server-sent events with heartbeats. */
export function createRpcHandler(router: StudioRouter, logFailure: LogFailure): RPCHandler<CallContext> {
  return new RPCHandler(router, {
    plugins: [new BodyLimitPlugin({ maxBodySize: MAX_BODY_BYTES })],
    eventIteratorKeepAliveInterval: KEEP_ALIVE_MS,
    interceptors: [convertFailures(logFailure, (error) => error)],
  });
}

/**
 * The same for programs that know HTTP and no oRPC: `/api/<group>/<method>`, plain JSON both ways, and failures with the status that comes
 * nearest.
 */
export function createRestHandler(router: StudioRouter, logFailure: LogFailure): OpenAPIHandler<CallContext> {
  return new OpenAPIHandler(router, {
    plugins: [new BodyLimitPlugin({ maxBodySize: MAX_BODY_BYTES })],
    eventIteratorKeepAliveInterval: KEEP_ALIVE_MS,
    interceptors: [
      convertFailures(logFailure, ({ message, data, cause }) => {
        return new ORPCError('STUDIO', { defined: true, status: statusOf(data.code), message, data, cause });
      }),
    ],
    customErrorResponseBodyEncoder: ({ data }) => errorBodySchema.safeParse(data).data,
  });
}
