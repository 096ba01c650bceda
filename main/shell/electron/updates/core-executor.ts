import { ORPCError } from '@orpc/client';
import type { RequestOptions } from 'node:http';
import { errorBodySchema, StudioError } from '../../../../contract/errors.ts';
import type { StudioClient } from '../../../../contract/methods.ts';
import { updateFileSchema } from '../../../../contract/updates.ts';
import type { UpdateTransfer } from '../../../../contract/updates.ts';
import { renamePatiently } from '../../../files/rename-patiently.ts';

/** One file of a version, as its place describes it. */
interface OfferedFile {
  readonly url: string;
  readonly size?: number;
}

/** Who waits for a file. */
export interface FetchListener {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Extract<UpdateTransfer, { type: 'progress' }>) => void;
}

const unreadable = (message: string): StudioError =>
  new StudioError('answer-unreadable', message, 'Nothing was changed. Tell whoever released it.');

/**
 * Stands where electron-updater has its own way to the network: the core asks in its place, so that an update goes under consent,
 * limits and report as everything does that leaves the machine. Headers that the library would send stay here.
 */
export class CoreExecutor {
  readonly #core: Pick<StudioClient, 'updates'>;
  #sizes: ReadonlyMap<string, number> = new Map();
  #listener: FetchListener | null = null;

  constructor(core: Pick<StudioClient, 'updates'>) {
    this.#core = core;
  }

  /** What the files of the version found last weigh. */
  expect(files: readonly OfferedFile[]): void {
    this.#sizes = new Map(files.flatMap(({ url, size }) => (size === undefined ? [] : [[lastName(url), size]])));
  }

  /** For the next download. */
  listen(listener: FetchListener): void {
    this.#listener = listener;
  }

  /** The text of a small file. */
  async request(options: RequestOptions): Promise<string> {
    const port = options.port === undefined || options.port === null ? '' : `:${options.port}`;
    const url = new URL(`${options.protocol ?? 'https:'}//${options.hostname ?? ''}${port}${options.path ?? ''}`);
    return await asTold(() => this.#core.updates.read({ address: withoutQuery(url) }));
  }

  /** Brings a file to `destination`, checked by its sum. */
  async download(url: URL, destination: string, { sha512 }: { readonly sha512?: string | null }): Promise<string> {
    const address = withoutQuery(url);
    const file = updateFileSchema.safeParse({ address, sha512, bytes: this.#sizes.get(lastName(address)) });
    if (!file.success) throw unreadable('The place of the update does not say what its file is, so it could not be checked.');
    const listener = this.#listener;
    const path = await asTold(async () => {
      for await (const event of await this.#core.updates.fetch(file.data, listener === null ? {} : { signal: listener.signal })) {
        if (event.type === 'done') return event.path;
        listener?.onProgress(event);
      }
      // The stream ends without a word when the core does.
      throw new StudioError('internal', 'The studio’s core stopped meanwhile.', 'Try again: what came is kept.');
    });
    await renamePatiently(path, destination);
    return destination;
  }
}

/** The library adds a number of its own against caches, which would tell one request from another. */
function withoutQuery(url: URL): string {
  const bare = new URL(url);
  bare.search = '';
  return bare.href;
}

/** Last name of an address: those of a place may be addresses below it, and are written with or without escapes. */
export function lastName(address: string): string {
  return decodeURIComponent(address.split('/').at(-1) ?? '');
}

/** Errors of the core lose their class on the way; what a person is told of them is in their data. */
async function asTold<Value>(ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask();
  } catch (error) {
    const body = error instanceof ORPCError ? errorBodySchema.safeParse(error.data) : null;
    throw body?.success === true ? StudioError.fromBody(body.data) : error;
  }
}
