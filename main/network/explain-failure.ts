import { StudioError } from '../../contract/errors.ts';
import { ProxyFailure } from './connect.ts';
import { TimeUp } from './time-limits.ts';

/** Why a host gave no answer; stands in `details.reason`. */
export type UnreachableReason =
  'refused' | 'name' | 'certificate' | 'time' | 'proxy' | 'no-way' | 'cut-off' | 'not-http' | 'redirects' | 'unknown';

const certificateCodes = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|ERR_TLS_CERT_)/;

function codeOf(error: unknown): string {
  if (error instanceof AggregateError && !('code' in error)) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function reasonFor(code: string): UnreachableReason {
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA') return 'name';
  if (code === 'ETIMEDOUT') return 'time';
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'ENETDOWN' || code === 'EADDRNOTAVAIL') return 'no-way';
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE') return 'cut-off';
  if (code === 'ERR_HTTP2_ERROR') return 'not-http';
  if (code.startsWith('ERR_HTTP2_')) return 'cut-off';
  if (certificateCodes.test(code)) return 'certificate';
  if (code.startsWith('HPE_') || code === 'EPROTO' || code.startsWith('ERR_SSL_')) return 'not-http';
  return 'unknown';
}

const words: Readonly<Record<UnreachableReason, (host: string) => readonly [string, string]>> = {
  refused: (host) => [`Nothing answers at ${host}.`, 'Check that the program there runs, and the port in its address.'],
  name: (host) => [`The name of ${host} was not found.`, 'Check the address and the connection to the network.'],
  certificate: (host) => [
    `The certificate of ${host} is not trusted.`,
    'If your own network signs certificates, start the studio with NODE_USE_SYSTEM_CA=1, or name the file of its certificate in NODE_EXTRA_CA_CERTS.',
  ],
  time: (host) => [`${host} took too long.`, 'Try again later; it may be busy or the network slow.'],
  proxy: () => ['The proxy gave no connection.', 'Check HTTPS_PROXY and HTTP_PROXY, or name the host in NO_PROXY.'],
  'no-way': (host) => [`There is no way to ${host} from here.`, 'Check the connection to the network.'],
  'cut-off': (host) => [`${host} ended the connection too early.`, 'Try again.'],
  'not-http': (host) => [
    `${host} does not speak the language its address says.`,
    'Check http and https, and the port in its address.',
  ],
  redirects: (host) => [`${host} sends the studio on and on.`, 'Open the address in your browser to see where it leads.'],
  unknown: (host) => [`${host} could not be asked.`, 'Check the address and the network.'],
};

/** `address-unreachable` in words a person understands; `details.reason` is for programs. */
export function unreachable(
  host: string,
  reason: UnreachableReason,
  facts: Readonly<Record<string, string | number>> = {},
  cause?: unknown,
): StudioError {
  const [message, hint] = words[reason](host);
  return new StudioError('address-unreachable', message, hint, { host, reason, ...facts }, cause);
}

function explainProxy(host: string, { proxy, status, cause }: ProxyFailure): StudioError {
  // A refusal by our own check of the address comes through here as well.
  if (cause instanceof StudioError) return cause;
  if (status === 407) {
    const hint = 'Write them into HTTPS_PROXY: http://name:password@proxy:port.';
    const message = `The proxy ${proxy} wants a name and a password.`;
    return new StudioError('address-unreachable', message, hint, { host, reason: 'proxy', proxy, status });
  }
  if (status !== null) {
    const message = `The proxy ${proxy} does not let the studio reach ${host} (status ${status}).`;
    const hint = 'Ask whoever runs the proxy, or name the host in NO_PROXY.';
    return new StudioError('address-unreachable', message, hint, { host, reason: 'proxy', proxy, status });
  }
  const code = codeOf(cause);
  const message = `The proxy ${proxy} gave no connection to ${host}.`;
  const hint = 'Check HTTPS_PROXY and HTTP_PROXY, or name the host in NO_PROXY.';
  return new StudioError('address-unreachable', message, hint, { host, reason: 'proxy', proxy, system: code }, cause);
}

/**
 * What a failed request is told as.
 * @param clock the request's own signal: what it was aborted with goes before what fell over because of that
 * @returns a StudioError, or the caller's own reason when the caller stopped it
 */
export function explainFailure(host: string, error: unknown, clock: AbortSignal, caller: AbortSignal | undefined): unknown {
  if (error instanceof StudioError) return error;
  if (caller?.aborted === true) return caller.reason;
  const reason: unknown = clock.aborted ? clock.reason : null;
  if (reason instanceof TimeUp) return unreachable(host, 'time', { phase: reason.phase, limitMs: reason.limitMs });
  if (error instanceof ProxyFailure) return explainProxy(host, error);
  const code = codeOf(error);
  return unreachable(host, reasonFor(code), code === '' ? {} : { system: code }, error);
}
