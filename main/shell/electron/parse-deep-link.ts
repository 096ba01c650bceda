import type { DeepLink } from '../../../contract/desktop.ts';
import { deepLinkSchema } from '../../../contract/desktop.ts';

export const deepLinkScheme = 'dediffusion';

function shapeOf(url: URL): unknown {
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  const [itemId] = segments;
  if (url.hostname === 'item' && segments.length === 1) return { type: 'item', itemId };
  if (url.hostname === 'prompt' && segments.length === 0) return { type: 'prompt', text: url.searchParams.get('text') };
  return null;
}

/**
 * `dediffusion://item/<id>` shows an item of the library, `dediffusion://prompt?text=…` proposes a text.
 * Null for everything else: addresses come from anywhere, and an unknown one is nobody's error.
 */
export function parseDeepLink(address: string): DeepLink | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== `${deepLinkScheme}:`) return null;
  const link = deepLinkSchema.safeParse(shapeOf(url));
  return link.success ? link.data : null;
}
