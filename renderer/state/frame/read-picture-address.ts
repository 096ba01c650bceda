import type { ErrorBody } from '../../../contract/errors.ts';
import { isPictureName } from '../../../contract/picture-formats.ts';
import { say } from '../../language/say.ts';

export type PictureAddress =
  { readonly type: 'picture'; readonly url: URL } | { readonly type: 'refused'; readonly error: ErrorBody };

const refuse = (message: string, hint: string, address: string): PictureAddress => ({
  type: 'refused',
  error: { code: 'address-refused', message, hint, details: { address } },
});

/** Whether a text is one web address and nothing else. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text.trim()) && URL.canParse(text.trim());
}

/** An address that was dropped or pasted: clearly a picture's, or what to do instead. */
export function readPictureAddress(text: string): PictureAddress {
  const first = text.split(/\r?\n/).find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  const trimmed = first.trim();
  if (!isWebAddress(trimmed)) {
    return refuse(say('intake.noAddress'), say('intake.saveAndDrop'), trimmed);
  }
  const url = new URL(trimmed);
  if (!isPictureName(url.pathname.split('/').at(-1) ?? '')) {
    return refuse(say('intake.unclearAddress'), say('intake.unclearAddress.hint'), trimmed);
  }
  if (url.protocol === 'https:') return { type: 'picture', url };
  return refuse(say('intake.onlyHttps'), say('intake.saveAndDrop'), trimmed);
}
