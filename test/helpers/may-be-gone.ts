/**
 * Whether what a browser's error is about may rightly be gone by the time the page asks for it: a preview whose drawing has ended, or
 * the details of an item that has just been deleted for good (422, not-found). The page takes both for an answer.
 */
export function mayBeGone(text: string, url: string): boolean {
  return url.includes('/previews/') || (url.endsWith('/rpc/library/get') && text.includes('status of 422'));
}
