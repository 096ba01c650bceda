import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import { etagOf, firstByteOf, sendFile } from './hub-server.ts';

/** A version as a place of updates offers it. */
export interface OfferedVersion {
  readonly version: string;
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Default: of the bytes. */
  readonly sha512?: string;
  readonly notes?: string;
}

export interface UpdateQuestion {
  readonly response: ServerResponse;
  readonly bytes: Uint8Array;
  /** First byte that was asked for. */
  readonly from: number;
}

export interface UpdateServer {
  readonly listener: RequestListener;
  readonly asked: { readonly path: string; readonly from: number; readonly headers: IncomingHttpHeaders }[];
  /** What it offers from now on; null: nothing. */
  offer(version: OfferedVersion | null): void;
  /** Answers the next questions for the file in its own way; null: as it should. */
  misbehave(way: ((question: UpdateQuestion) => void) | null): void;
}

/** What electron-builder writes beside the packages; JSON is YAML too. */
export function composeFeed({ version, file, bytes, sha512, notes }: OfferedVersion): string {
  const sum = sha512 ?? createHash('sha512').update(bytes).digest('base64');
  const files = [{ url: file, sha512: sum, size: bytes.byteLength }];
  const told = notes === undefined ? {} : { releaseNotes: notes };
  return JSON.stringify({ version, files, path: file, sha512: sum, releaseDate: '2026-11-29T12:00:00.000Z', ...told });
}

/** A place of updates: every feed of it says the same, whatever system asks. */
export function updateServer(): UpdateServer {
  const asked: UpdateServer['asked'] = [];
  let offered: OfferedVersion | null = null;
  let answer: ((question: UpdateQuestion) => void) | null = null;
  const listener: RequestListener = (request, response) => {
    const path = decodeURIComponent(request.url ?? '/');
    const from = offered === null ? 0 : firstByteOf(request, etagOf(offered.bytes));
    asked.push({ path, from, headers: request.headers });
    if (offered === null) response.writeHead(404).end();
    else if (path.endsWith('.yml')) response.end(composeFeed(offered));
    else if (path !== `/${offered.file}`) response.writeHead(404).end();
    else (answer ?? sendFile)({ response, bytes: offered.bytes, from });
  };
  return {
    ...{ listener, asked },
    offer: (version) => (offered = version),
    misbehave: (way) => (answer = way),
  };
}
