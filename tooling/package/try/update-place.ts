import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What a place offers: a version, its file, and how it misbehaves. */
export interface Offer {
  readonly version: string;
  readonly path: string;
  /** `wrong-sum`: the feed tells another sum; `half`: each answer ends in the middle, and no part is given. */
  readonly fault?: 'wrong-sum' | 'half';
}

export interface UpdatePlace {
  readonly address: string;
  /** Offers a version from now on. */
  offer(offer: Offer): Promise<void>;
  /** From now on nobody answers at its address. */
  close(): Promise<void>;
}

export async function sumOf(path: string): Promise<string> {
  const sum = createHash('sha512');
  await pipeline(createReadStream(path), sum);
  return sum.digest('base64');
}

async function composeFeed({ version, path, fault }: Offer): Promise<string> {
  const sha512 = fault === 'wrong-sum' ? `${'A'.repeat(86)}==` : await sumOf(path);
  const file = { url: encodeURIComponent(basename(path)), sha512, size: statSync(path).size };
  return JSON.stringify({
    version,
    files: [file],
    path: file.url,
    sha512,
    releaseNotes: 'A try.',
    releaseDate: '2026-11-29T12:00:00.000Z',
  });
}

function sendPart(response: ServerResponse, { path, fault }: Offer, range: string | undefined): void {
  const size = statSync(path).size;
  const from = fault === 'half' ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  const part = { 'content-range': `bytes ${String(from)}-${String(size - 1)}/${String(size)}` };
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': size - from, ...(from > 0 ? part : {}) });
  const end = fault === 'half' ? Math.floor(size / 2) : size;
  const bytes = createReadStream(path, { start: from, end: end - 1 });
  // Whoever asked may go away in the middle.
  pipeline(bytes, response, { end: fault !== 'half' }).then(
    () => (fault === 'half' ? response.destroy() : undefined),
    () => response.destroy(),
  );
}

/** A server on this machine as a place for updates is one: a feed, and the file it names. */
export async function openUpdatePlace(): Promise<UpdatePlace> {
  let offered: (Offer & { readonly feed: string }) | null = null;
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://place').pathname);
    if (offered === null) response.writeHead(404).end();
    else if (/^\/latest.*\.yml$/.test(path)) response.end(offered.feed);
    else if (path === `/${basename(offered.path)}`) sendPart(response, offered, request.headers.range);
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    offer: async (offer) => {
      offered = { ...offer, feed: await composeFeed(offer) };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
