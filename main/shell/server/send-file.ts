import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Exchange } from './exchange.ts';

export interface SentFile {
  readonly path: string;
  readonly bytes: number;
  readonly mediaType: string;
  readonly etag: string;
  readonly cacheControl: string;
}

/** Streams a file, or says that the browser's copy is still good. HEAD gets the headers alone. */
export async function sendFile({ request, response }: Exchange, file: SentFile): Promise<void> {
  response.setHeader('etag', file.etag);
  response.setHeader('cache-control', file.cacheControl);
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, { 'content-type': file.mediaType, 'content-length': file.bytes });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(createReadStream(file.path), response);
}
