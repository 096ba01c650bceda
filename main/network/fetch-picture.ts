import { StudioError } from '../../contract/errors.ts';
import type { Answer } from './answer.ts';
import { refuseAddress } from './check-destination.ts';
import type { Network } from './network.ts';

export interface FetchPictureOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default 64 MiB. */
  readonly maxBytes?: number;
  /** For the whole way, redirects included. Default 60 s. */
  readonly deadlineMs?: number;
}

const defaultMaxBytes = 64 * 1_048_576;

/** The same failure in the words of whoever wants a picture. */
function aboutPictures(error: unknown): unknown {
  if (!(error instanceof StudioError)) return error;
  const { host = '', maxBytes = 0 } = error.details;
  if (error.code === 'answer-too-large') {
    const message = `This picture is larger than ${Math.round(Number(maxBytes) / 1_048_576)} MB.`;
    return new StudioError('image-too-large', message, 'Save it, make it smaller and drop the file.');
  }
  const movedTo = error.details['movedTo'];
  if (typeof movedTo !== 'string') return error;
  const next = new URL(movedTo).host;
  const message = `${host} says that the picture is at ${next}.`;
  return refuseAddress(message, `Fetch it from ${next} if you trust that host too.`, { host: String(host), movedTo });
}

function checkAnswer({ status, headers, url }: Answer): void {
  if (status !== 200) {
    const hint = 'Open the address in your browser to see what it says.';
    const details = { host: url.host, reason: 'status', status };
    throw new StudioError('address-unreachable', `${url.host} did not give the picture (status ${status}).`, hint, details);
  }
  if (headers['content-type']?.startsWith('text/') !== true) return;
  const hint = 'Drag the picture itself out of the page.';
  throw refuseAddress('There is a web page at this address, not a picture.', hint, { host: url.host });
}

/**
 * Brings the bytes of a picture from the web, after a person has seen the host and agreed: that act is the consent, for this one time.
 * https alone, no cookies, no referrer, no private addresses, redirects within the same host.
 *
 * @throws StudioError `address-refused` (with `movedTo` where another host has it), `address-unreachable`, `image-too-large`
 */
export async function fetchPicture(
  network: Network,
  address: string,
  { signal, maxBytes = defaultMaxBytes, deadlineMs = 60_000 }: FetchPictureOptions = {},
): Promise<Uint8Array> {
  try {
    const limits = { totalMs: deadlineMs };
    const answer = await network.askOnce({ address, purpose: 'picture', accept: 'image/*', maxBytes, limits, signal });
    try {
      checkAnswer(answer);
      return await answer.bytes();
    } finally {
      answer.close();
    }
  } catch (error) {
    throw aboutPictures(error);
  }
}
