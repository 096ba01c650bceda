/**
 * Whether what lies at this address may rightly be gone by the time the page asks for it: a preview whose drawing has ended, the
 * details of an item that has just been deleted for good. The page takes both for an answer; the browser writes an error all the same.
 */
export function mayBeGone(url: string): boolean {
  return url.includes('/previews/') || url.endsWith('/rpc/library/get');
}
