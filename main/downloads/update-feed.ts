import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { UpdateFile } from '../../contract/updates.ts';
import type { Answer } from '../network/answer.ts';
import { isLoopback, readAddress } from '../network/check-destination.ts';
import type { Network } from '../network/network.ts';
import { fetchFiles } from './fetch-files.ts';
import type { FetchFilesOptions } from './fetch-files.ts';
import { isThatFile } from './remote-file.ts';
import type { RemoteFile } from './remote-file.ts';

/** Far more than a feed has. */
const MOST_TEXT_BYTES = 1_048_576;

export interface UpdateFeedOptions {
  readonly network: Network;
  /** For files on their way; null for a studio that may not write there. */
  readonly folder: string | null;
  readonly clock: () => number;
}

export type UpdateFetch = Pick<FetchFilesOptions, 'signal' | 'onProgress' | 'pause'>;

/** Newer versions of the studio, from the place a person agreed to. What comes from there will be run, so it comes over https alone. */
export class UpdateFeed {
  readonly #options: UpdateFeedOptions;

  constructor(options: UpdateFeedOptions) {
    this.#options = options;
  }

  /**
   * The text of a small file.
   * @throws StudioError `download-refused` where it is not there, `address-refused` for plain http to another machine; as `Network.ask` does
   */
  async read(address: string, signal: AbortSignal | undefined): Promise<string> {
    const answer = await this.#ask({ address, maxBytes: MOST_TEXT_BYTES, signal });
    if (answer.status !== 200) {
      answer.close();
      throw refuse(answer);
    }
    return Buffer.from(await answer.bytes()).toString('utf8');
  }

  /**
   * Brings a file here, going on where an earlier try stopped. What was kept of other files goes.
   *
   * @returns its path, under its own name
   * @throws StudioError `download-damaged` for bytes that are not the file, `download-refused`, `disk-full`, `file-unwritable`; as
   *   `Network.ask` does; the signal's reason, and then what came is kept
   */
  async fetch({ address, bytes, sha512 }: UpdateFile, options: UpdateFetch): Promise<string> {
    const { folder, clock } = this.#options;
    if (folder === null)
      throw new StudioError('file-unwritable', 'This studio keeps nothing, so no update was fetched.', 'Start it as its owner.');
    const name = nameIn(address);
    const file: RemoteFile = { path: name, bytes, hash: { kind: 'sha512', hex: Buffer.from(sha512, 'base64').toString('hex') } };
    const path = join(folder, name);
    const before = await readdir(folder).catch((): string[] => []);
    for (const other of before) if (!other.startsWith(name)) await rm(join(folder, other), { recursive: true, force: true });
    // One that has its name already was whole once; whether it is this one is seen by its bytes.
    if (before.includes(name) && !(await isThatFile(path, file, options.signal)))
      await rm(path, { recursive: true, force: true });
    try {
      await fetchFiles({
        folder,
        files: [file],
        source: {
          open: (_file, range, signal) => this.#ask({ address, range, maxBytes: bytes, signal }),
          refusal: (answer) => refuse(answer),
        },
        copies: [],
        clock,
        ...options,
      });
    } catch (error) {
      if (!(error instanceof StudioError) || error.code !== 'download-damaged') throw error;
      throw new StudioError(
        'download-damaged',
        `The update ${name} is not what its place says it is.`,
        'Nothing was installed, and nothing of it is used. Try again later; if it stays so, tell whoever released it.',
        error.details,
        error,
      );
    }
    return path;
  }

  /** Large files lie elsewhere: redirects are followed to the open internet, over https. */
  #ask(request: Pick<Parameters<Network['ask']>[0], 'address' | 'range' | 'maxBytes' | 'signal'>): Promise<Answer> {
    const url = readAddress(request.address, 'named-place');
    if (url.protocol !== 'https:' && !isLoopback(url)) {
      const hint = 'Use the https address of the place: what comes from there is run on this machine.';
      throw new StudioError('address-refused', `${url.host} offers updates without encryption.`, hint, { host: url.host });
    }
    return this.#options.network.ask({ ...request, purpose: 'update', sends: [], redirects: 'anywhere' });
  }
}

/** A plain name, whatever the address says. */
function nameIn(address: string): string {
  const { pathname } = new URL(address);
  // One that is not written as addresses are is no name either.
  const name = /%(?![0-9a-f]{2})/i.test(pathname) ? '' : basename(decodeURIComponent(pathname));
  if (/^[A-Za-z0-9][A-Za-z0-9 ._+-]{0,199}$/.test(name)) return name;
  throw new StudioError('address-refused', 'The address of the update names no file.', 'Tell whoever released it.', {
    address: address.slice(0, 300),
  });
}

function refuse({ url, status }: Answer): StudioError {
  const isMissing = status === 404 || status === 410;
  const message = isMissing ? `${url.host} has no such update.` : `${url.host} did not give the update (status ${status}).`;
  const hint = isMissing ? 'Check the address of the updates in the settings.' : 'Try again later.';
  return new StudioError('download-refused', message, hint, { host: url.host, status, reason: isMissing ? 'missing' : 'status' });
}
