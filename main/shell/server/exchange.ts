import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request, the place to answer it, and its parsed address. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}
