import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request, the place to answer it, and its parsed address. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

/** Aborted when whoever asks goes away before the answer has been given. */
export function signalOfLeaving({ response }: Exchange): AbortSignal {
  const leaving = new AbortController();
  response.once('close', () => {
    if (!response.writableEnded) leaving.abort(new Error('the sender has left'));
  });
  return leaving.signal;
}

/** Answers with JSON that is nobody's to keep. */
export function sendJson({ response }: Exchange, answer: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(answer));
}
