import { StudioError } from '../../contract/errors.ts';
import type { Answer } from '../network/answer.ts';

/** Why a hub gives nothing; stands in `details.reason`. */
export type RefusalReason = 'gated' | 'missing' | 'moved' | 'disabled' | 'limited' | 'status';

interface Refusal {
  readonly reason: RefusalReason;
  readonly message: string;
  readonly hint: string;
}

/** Longest wait that a host may ask for before the studio gives up and says so: the hub counts in windows of five minutes. */
const LONGEST_WAIT_MS = 330_000;

export function downloadRefused(
  repository: string,
  page: string,
  { reason, message, hint }: Refusal,
  facts: Readonly<Record<string, string | number>> = {},
): StudioError {
  return new StudioError('download-refused', message, hint, { reason, repository, page, ...facts });
}

export function downloadDamaged(
  path: string,
  message: string,
  facts: Readonly<Record<string, string | number>> = {},
): StudioError {
  const hint = 'Nothing of it is used. Try again later; if it stays so, tell whoever keeps the repository.';
  return new StudioError('download-damaged', message, hint, { path, ...facts });
}

/** What a hub's status says of a repository, in words. */
function explainStatus(answer: Answer, repository: string, page: string): Refusal {
  const { status, headers } = answer;
  const told = headers['x-error-code'];
  if (headers['x-error-message'] === 'Access to this resource is disabled.')
    return { reason: 'disabled', message: `The hub has closed ${repository}.`, hint: `Its page says why: ${page}` };
  if (told === 'GatedRepo' || (status === 403 && told === undefined))
    return {
      reason: 'gated',
      message: `Whoever made ${repository} wants to be asked first.`,
      hint: `Open ${page}, agree to what it asks, and set your token as the key hugging-face or in HF_TOKEN.`,
    };
  if (told === 'RevisionNotFound')
    return { reason: 'missing', message: `${repository} has no such version.`, hint: `Its versions are on ${page}` };
  if (told === 'EntryNotFound')
    return { reason: 'missing', message: `A file of ${repository} is gone.`, hint: `Look at ${page} and install it again.` };
  // The hub says this too of what it does not show to strangers.
  if (status === 401 || status === 404)
    return {
      reason: 'missing',
      message: `There is no ${repository}, or it is private or asks to be agreed to first.`,
      hint: `Open ${page} to see which. For what only you may see, set your token as the key hugging-face or in HF_TOKEN.`,
    };
  if (status === 429)
    return {
      reason: 'limited',
      message: 'The hub was asked too often.',
      hint: 'Wait some minutes and go on: what was fetched is kept.',
    };
  return {
    reason: 'status',
    message: `The hub did not give ${repository} (status ${status}).`,
    hint: `Try again later, or open ${page}`,
  };
}

/** The failure that an answer other than success is. */
export function refusalOf(answer: Answer, repository: string, page: string): StudioError {
  return downloadRefused(repository, page, explainStatus(answer, repository, page), { status: answer.status });
}

/** How long a host that was asked too often wants to be left alone, in milliseconds; null where it wants too long. */
export function askedWaitMs({ headers }: Answer): number | null {
  const limited = /(?:^|;)\s*t=(\d+)/.exec(String(headers['ratelimit'] ?? ''))?.[1];
  const seconds = Number(limited ?? headers['retry-after'] ?? 1);
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : 1000;
  return waitMs > LONGEST_WAIT_MS ? null : waitMs;
}

/**
 * The same for an answer that may be of another host than the hub, which sent the studio on: that one forgets an address after a
 * while, and the hub has a new one. Null then.
 */
export function refusalAt(answer: Answer, origin: string, repository: string, page: string): StudioError | null {
  const isElsewhere = answer.url.origin !== origin;
  return isElsewhere && [400, 401, 403, 404, 410].includes(answer.status) ? null : refusalOf(answer, repository, page);
}
