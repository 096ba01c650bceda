/** Where headers are put: an HTTP answer, or the answer of a scheme of the desktop shell's own. */
export interface HeaderTarget {
  setHeader(name: string, value: string): unknown;
}

/**
 * What the page may load and do: its own files, and nothing goes anywhere else. Nothing inline is needed, because the
 * components set positions through the style object of an element, which no policy forbids, and the editor keeps its style
 * sheet inside a shadow root.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** For bytes that came from a person or a pack: opened in a tab of its own, a file can run and load nothing. */
const DATA_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'";

/** Sets the headers every answer carries. `page` is the studio's own build; everything else is data. */
export function setSecurityHeaders(response: HeaderTarget, kind: 'page' | 'data'): void {
  response.setHeader('content-security-policy', kind === 'page' ? PAGE_POLICY : DATA_POLICY);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('referrer-policy', 'same-origin');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('permissions-policy', 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), payment=()');
}
