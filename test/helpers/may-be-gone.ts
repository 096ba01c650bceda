/** Whether what a browser's error is about may rightly be gone by the time the page asks for it: a preview whose drawing has ended. */
export function mayBeGone(url: string): boolean {
  return url.includes('/previews/');
}
