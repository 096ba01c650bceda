import { cutText } from '../../contract/texts/cut-text.ts';
import type { PictureItem } from '../library/library.ts';
import { fetchPicture } from '../network/fetch-picture.ts';
import type { Network } from '../network/network.ts';
import type { JobServices } from '../services/job-services.ts';
import { addPicture } from './add-picture.ts';

/** The last part of an address, as a person reads it. */
function titleOf(address: string): string {
  const last = new URL(address).pathname.split('/').at(-1) ?? '';
  try {
    return cutText(decodeURIComponent(last), 200);
  } catch {
    // Not percent-encoded text; as a title it is still better than none.
    return cutText(last, 200);
  }
}

/**
 * Fetches a picture from the web into the library.
 * @throws StudioError as fetchPicture and addPicture do
 */
export async function addFromAddress(
  services: Pick<JobServices, 'library' | 'pictures'>,
  network: Network,
  address: string,
  signal: AbortSignal | undefined,
): Promise<PictureItem> {
  const bytes = await fetchPicture(network, address, { signal });
  return addPicture(services, bytes, { title: titleOf(address), signal });
}
