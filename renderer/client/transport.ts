import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { LibraryItem } from '../../contract/library.ts';
import type { StudioClient } from '../../contract/methods.ts';
import { readNotices } from './read-notices.ts';
import { readReading } from './read-reading.ts';
import { uploadImage } from './upload-image.ts';

/** Everything the page's state needs from outside. The same in a browser and in the desktop program. */
export interface Transport {
  readonly client: StudioClient;
  /** @param parentId the library item it was made from; absent for one that comes from elsewhere */
  uploadImage(bytes: Blob, title: string, parentId?: string): Promise<LibraryItem>;
  /** The bytes of a stored reading: contract/texts/reading.ts. */
  readReading(sha256: string): Promise<Uint8Array>;
  /** The licences of everything in the program that others made, as one text. */
  readNotices(): Promise<string>;
}

/** @param origin where the page lies, without a slash at its end: its origin, or a path of that */
export function createTransport(origin: string): Transport {
  return {
    client: createStudioClient(origin),
    uploadImage: (bytes, title, parentId) => uploadImage(origin, bytes, title, parentId),
    readReading: (sha256) => readReading(origin, sha256),
    readNotices: () => readNotices(origin),
  };
}

/**
 * Every method of the contract over `fetch`, at `<origin>/rpc`. The session travels as the cookie the core set with the page,
 * so no token is ever in the page's hands.
 */
function createStudioClient(origin: string): StudioClient {
  return createORPCClient(new RPCLink({ url: `${origin}/rpc` }));
}
