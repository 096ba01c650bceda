import { lookup as resolveName } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { request as openRequest } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { StudioError } from '../../contract/errors.ts';
import { isPublicAddress } from './is-public-address.ts';

export interface FetchPictureOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default 64 MiB. */
  readonly maxBytes?: number;
  /** For the whole way, redirects included. Default 60 s. */
  readonly deadlineMs?: number;
  /** IP addresses that may be asked. Default: those of the open internet. */
  readonly isAllowed?: (address: string) => boolean;
  /** Certificates to trust instead of the system's, as PEM. */
  readonly ca?: string;
}

const mostRedirects = 3;
const defaultMaxBytes = 64 * 1024 * 1024;

/** @throws StudioError `address-refused` */
function readAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null) throw refuse('This is not a web address.', 'Drop a picture, or its https address.');
  if (url.protocol !== 'https:') {
    throw refuse(
      'Pictures are fetched over https only.',
      'Save the picture in your browser and drop the file here.',
      url.hostname,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw refuse('This address carries a name or a password.', 'Save the picture in your browser and drop the file here.');
  }
  return url;
}

function refuse(message: string, hint: string, host = '', movedTo = ''): StudioError {
  const details = { ...(host === '' ? {} : { host }), ...(movedTo === '' ? {} : { movedTo }) };
  return new StudioError('address-refused', message, hint, details);
}

function refusePrivate(host: string): StudioError {
  return refuse(
    `${host} is on this machine or your own network.`,
    'The studio fetches pictures from the open internet only. Save the picture and drop the file here.',
    host,
  );
}

function unreachable(
  host: string,
  reason: string,
  hint = 'Check the address and the network, or save the picture and drop the file.',
) {
  return new StudioError('address-unreachable', `${host} did not give the picture.`, hint, { host, reason });
}

/** Checked when the connection is made, so that a name cannot mean one address when it is looked at and another when it is used. */
function lookupAllowed(isAllowed: (address: string) => boolean): LookupFunction {
  return (host, options, answer) => {
    resolveName(host, { ...options, all: true }, (error, found) => {
      // Node leaves `found` out beside an error, whatever its types say.
      if (error !== null) {
        answer(error, '', 0);
        return;
      }
      const [first] = found;
      if (first === undefined) answer(new Error('no address'), '', 0);
      else if (!found.every(({ address }) => isAllowed(address))) answer(refusePrivate(host), '', 0);
      else if (options.all === true) answer(null, found);
      else answer(null, first.address, first.family);
    });
  };
}

function ask(url: URL, signal: AbortSignal, { isAllowed = isPublicAddress, ca }: FetchPictureOptions): Promise<IncomingMessage> {
  const bare = url.hostname.replace(/^\[|\]$/g, '');
  // An address in place of a name is never looked up.
  if (isIP(bare) !== 0 && !isAllowed(bare)) throw refusePrivate(url.hostname);
  return new Promise((resolve, reject) => {
    openRequest(url, {
      signal,
      agent: false,
      lookup: lookupAllowed(isAllowed),
      // Nothing of this machine or of the page it came from.
      headers: { accept: 'image/*', 'user-agent': 'De-Diffusion-Studio' },
      ...(ca === undefined ? {} : { ca }),
    })
      .once('response', resolve)
      .once('error', reject)
      .end();
  });
}

async function readPicture(answer: IncomingMessage, host: string, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () => {
    const limit = `${Math.round(maxBytes / 1024 / 1024)} MB`;
    return new StudioError(
      'image-too-large',
      `This picture is larger than ${limit}.`,
      'Save it, make it smaller and drop the file.',
    );
  };
  if (answer.headers['content-type']?.startsWith('text/') === true) {
    throw refuse('There is a web page at this address, not a picture.', 'Drag the picture itself out of the page.', host);
  }
  if (Number(answer.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Follows redirects that stay with the host the person agreed to; another host has to be agreed to again. */
async function fetchFrom(url: URL, signal: AbortSignal, options: FetchPictureOptions, redirects: number): Promise<Uint8Array> {
  const answer = await ask(url, signal, options);
  try {
    const status = answer.statusCode ?? 0;
    const { location } = answer.headers;
    if (status >= 300 && status < 400 && location !== undefined) {
      if (redirects === 0) throw unreachable(url.host, 'too many redirects');
      const next = readAddress(new URL(location, url).href);
      if (next.host !== url.host) {
        const hint = `Fetch it from ${next.host} if you trust that host too.`;
        throw refuse(`${url.host} says that the picture is at ${next.host}.`, hint, url.host, next.href);
      }
      return await fetchFrom(next, signal, options, redirects - 1);
    }
    if (status !== 200) throw unreachable(url.host, `status ${status}`, 'Open the address in your browser to see what it says.');
    return await readPicture(answer, url.host, options.maxBytes ?? defaultMaxBytes);
  } finally {
    answer.destroy();
  }
}

/**
 * Brings the bytes of a picture from the web: the one request that leaves the machine, and only after a person has seen the host
 * and agreed. https alone, no cookies, no referrer, no private addresses, redirects within the same host.
 *
 * @throws StudioError `address-refused` (with `movedTo` where another host has it), `address-unreachable`, `image-too-large`
 */
export async function fetchPicture(address: string, options: FetchPictureOptions = {}): Promise<Uint8Array> {
  const url = readAddress(address);
  const deadline = AbortSignal.timeout(options.deadlineMs ?? 60_000);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]);
  try {
    return await fetchFrom(url, signal, options, mostRedirects);
  } catch (error) {
    if (error instanceof StudioError) throw error;
    const reason = deadline.aborted ? 'too slow' : error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw unreachable(url.host, reason);
  }
}
