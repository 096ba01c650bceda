import { setTimeout as wait } from 'node:timers/promises';

const mostRetries = 2;
const longestWaitMs = 60_000;
/** Statuses after which the same request may succeed. 529 is Anthropic's "overloaded". */
const passing = new Set([408, 429, 500, 502, 503, 504, 529]);

/** What a server says about trying again: milliseconds; null where it says nothing that can be read. */
function readRetryAfter(headers: Readonly<Record<string, string>>, nowMs: number): number | null {
  const exact = Number(headers['retry-after-ms'] ?? Number.NaN);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const said = headers['retry-after'];
  if (said === undefined) return null;
  const seconds = Number(said);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(said);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/**
 * Waits as a server asked, or 1 s, then 2 s. Resolves to false, at once, when trying again is of no use: the server will not answer
 * otherwise, was tried often enough, or asked for more than a minute. Rejects with the signal's reason.
 */
export async function waitForRetry(
  refusal: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
  retries: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (!passing.has(refusal.status) || retries >= mostRetries) return false;
  const waitMs = readRetryAfter(refusal.headers, Date.now()) ?? 1000 * 2 ** retries;
  if (waitMs > longestWaitMs) return false;
  try {
    await wait(waitMs, undefined, { signal });
  } catch {
    throw signal.reason;
  }
  return true;
}
