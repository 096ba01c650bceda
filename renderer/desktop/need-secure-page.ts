import { StudioError } from '../../contract/errors.ts';
import type { MessageKey } from '../language/message-key.ts';
import { say } from '../language/say.ts';

/**
 * Browsers hand out the clipboard only to pages that came over https or from the same machine; on others it does not exist.
 * @param hint what a person can do instead
 * @throws StudioError on a page that is neither
 */
export function needSecurePage(hint: MessageKey): void {
  if (!globalThis.isSecureContext) throw new StudioError('bad-request', say('browser.secureOnly'), say(hint));
}
