import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** A repository as a test's hub has it. */
export interface HubRepository {
  readonly name: string;
  readonly commit: string;
  readonly licence: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Files above this size are told by their sha256, the others by git's own sum. Default 1,000 bytes. */
  readonly largeFrom?: number;
}

/** A question for a file, before it is answered as a hub should. */
export interface FileQuestion {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly bytes: Uint8Array;
  /** First byte that was asked for. */
  readonly from: number;
  /** How often this file was asked for before. */
  readonly number: number;
}

export interface HubServer {
  readonly listener: RequestListener;
  /** Every address that was asked, with the first byte for files, and the key that came along. */
  readonly asked: { readonly path: string; readonly from: number; readonly authorization: string | undefined }[];
}

const sum = (kind: 'sha1' | 'sha256', ...parts: (string | Uint8Array)[]): string => {
  const hash = createHash(kind);
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};
export const etagOf = (bytes: Uint8Array): string => `"${sum('sha256', bytes)}"`;

function describe({ name, commit, licence, files, largeFrom = 1000 }: HubRepository): object {
  return {
    id: name,
    sha: commit,
    gated: false,
    cardData: { license: licence },
    siblings: [...files].map(([rfilename, bytes]) => ({
      rfilename,
      size: bytes.byteLength,
      blobId: sum('sha1', `blob ${bytes.byteLength}\0`, bytes),
      ...(bytes.byteLength >= largeFrom
        ? { lfs: { sha256: sum('sha256', bytes), size: bytes.byteLength, pointerSize: 130 } }
        : {}),
    })),
  };
}

/** The first byte a request asks for, heeding If-Range. */
export function firstByteOf(request: IncomingMessage, etag: string): number {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const onlyIf = request.headers['if-range'];
  return onlyIf !== undefined && onlyIf !== etag ? 0 : from;
}

/** Answers with a file from one of its bytes on, as a hub does. */
export function sendFile({ response, bytes, from }: Pick<FileQuestion, 'response' | 'bytes' | 'from'>): void {
  if (from > bytes.byteLength) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.byteLength}` }).end();
    return;
  }
  const headers = { etag: etagOf(bytes), 'accept-ranges': 'bytes', 'content-length': bytes.byteLength - from };
  const part = { 'content-range': `bytes ${from}-${bytes.byteLength - 1}/${bytes.byteLength}` };
  response.writeHead(from > 0 ? 206 : 200, from > 0 ? { ...headers, ...part } : headers).end(bytes.subarray(from));
}

/**
 * A hub of these repositories, of which every branch is the one commit.
 * @param misbehave answers a question for a file in its own way and says true, or leaves it
 */
export function hubServer(
  repositories: readonly HubRepository[],
  misbehave: (question: FileQuestion) => boolean = () => false,
): HubServer {
  const asked: HubServer['asked'] = [];
  const counts = new Map<string, number>();
  const listener: RequestListener = (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://hub').pathname);
    const api = /^\/api\/models\/([^/]+\/[^/]+)\/revision\/(.+)$/.exec(path);
    const file = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(path);
    const repository = repositories.find(({ name }) => name === (api ?? file)?.[1]);
    const bytes = file === null ? undefined : repository?.files.get(file[3] ?? '');
    const from = bytes === undefined ? 0 : firstByteOf(request, etagOf(bytes));
    asked.push({ path, from, authorization: request.headers.authorization });
    if (repository === undefined) response.writeHead(404, { 'x-error-code': 'RepoNotFound' }).end();
    else if (api !== null) response.setHeader('content-type', 'application/json').end(JSON.stringify(describe(repository)));
    else if (bytes === undefined || file?.[2] !== repository.commit)
      response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end();
    else {
      const number = counts.get(path) ?? 0;
      counts.set(path, number + 1);
      const question = { request, response, path: file[3] ?? '', bytes, from, number };
      if (!misbehave(question)) sendFile(question);
    }
  };
  return { listener, asked };
}
