import type { Server } from 'node:http';
import { etagOf, sendFile } from '../../../test/helpers/hub-server.ts';
import type { FileQuestion } from '../../../test/helpers/hub-server.ts';
import type { RandomChoice } from '../random-choice.ts';

/** What a host does to a download. `stop`: the studio itself stops in the middle, as at a pause or the end of the program. */
export const misbehaviours = [
  'drop',
  'die',
  'stop',
  'lie-longer',
  'lie-shorter',
  'change',
  'wrong-bytes',
  'no-parts',
  'limit',
  'unavailable',
  'no-such-part',
] as const;
export type Misbehaviour = (typeof misbehaviours)[number];

/** After these the bytes that are here are no use any more: only they may have bytes fetched again. */
export const spoils = new Set<Misbehaviour>(['change', 'wrong-bytes', 'no-parts', 'no-such-part']);

export interface HostileOptions {
  readonly server: Server;
  readonly choice: RandomChoice;
  /** Stops the studio's download. */
  readonly stop: () => void;
}

/** Other bytes of the same size. */
function spoil(bytes: Uint8Array): Uint8Array {
  const spoilt = Uint8Array.from(bytes);
  spoilt[0] = (spoilt[0] ?? 0) ^ 0xff;
  return spoilt;
}

/** Answers a question for a file in the worst way that was chosen. */
export function misbehave(kind: Misbehaviour, question: FileQuestion, { server, choice, stop }: HostileOptions): void {
  const { response, bytes, from } = question;
  const left = bytes.byteLength - from;
  const some = bytes.subarray(from, from + choice.below(left + 1));
  const part = { 'content-range': `bytes ${from}-${bytes.byteLength - 1}/${bytes.byteLength}` };
  const begin = (length: number): void => {
    const headers = { etag: etagOf(bytes), 'content-length': length };
    response.writeHead(from > 0 ? 206 : 200, from > 0 ? { ...headers, ...part } : headers);
  };
  switch (kind) {
    case 'drop':
      begin(left);
      response.write(some, () => response.destroy());
      return;
    case 'die':
      begin(left);
      response.write(some, () => server.closeAllConnections());
      return;
    case 'stop':
      begin(left);
      response.write(some, stop);
      return;
    case 'lie-longer':
      begin(left);
      response.write(some, () => response.socket?.end());
      return;
    case 'lie-shorter':
      begin(some.byteLength);
      response.end(some);
      return;
    case 'change': {
      const other = spoil(bytes);
      response.writeHead(200, { etag: etagOf(other), 'content-length': other.byteLength }).end(other);
      return;
    }
    case 'wrong-bytes':
      sendFile({ response, bytes: spoil(bytes), from });
      return;
    case 'no-parts':
      response.writeHead(200, { 'content-length': bytes.byteLength });
      response.write(bytes.subarray(0, choice.below(bytes.byteLength)), () => response.destroy());
      return;
    case 'limit':
      response.writeHead(429, { ratelimit: `"resolvers";r=0;t=${choice.below(300)}` }).end();
      return;
    case 'unavailable':
      response.writeHead(503).end();
      return;
    case 'no-such-part':
      response.writeHead(416, { 'content-range': `bytes */${bytes.byteLength}` }).end();
      return;
  }
}
