import { homedir } from 'node:os';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { Environment } from '../network/choose-proxy.ts';

/** Where models come from, and where other programs of this machine keep those they fetched. */
export interface HubPlaces {
  /** Address of the hub or its mirror, without a slash at the end. */
  readonly endpoint: string;
  /** Folder of the cache that programs of the hub share; it need not exist. */
  readonly cacheFolder: string;
}

const PUBLIC_HUB = 'https://huggingface.co';

/**
 * Reads HF_ENDPOINT, HF_HUB_CACHE, HF_HOME and XDG_CACHE_HOME as the hub's own programs do.
 * @throws StudioError `address-refused` for an HF_ENDPOINT that is no web address
 */
export function readHubPlaces(environment: Environment, home: string = homedir()): HubPlaces {
  const read = (name: string): string | null => {
    const value = environment[name]?.trim() ?? '';
    return value === '' ? null : value.replace(/^~(?=$|[\\/])/, home);
  };
  const endpoint = (read('HF_ENDPOINT') ?? PUBLIC_HUB).replace(/\/+$/, '');
  const isWeb = URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol);
  if (!isWeb) {
    const hint = 'Write it with https:// in front, or leave it out.';
    throw new StudioError('address-refused', 'HF_ENDPOINT is no web address.', hint, { variable: 'HF_ENDPOINT' });
  }
  const hubHome = read('HF_HOME') ?? join(read('XDG_CACHE_HOME') ?? join(home, '.cache'), 'huggingface');
  return { endpoint, cacheFolder: read('HF_HUB_CACHE') ?? read('HUGGINGFACE_HUB_CACHE') ?? join(hubHome, 'hub') };
}
