import { lookup as resolveName } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { StudioError } from '../../contract/errors.ts';
import { isPublicAddress } from './is-public-address.ts';

/**
 * Who chose where a request goes. `open-internet`: the address came from elsewhere, a page or another server, so it is https and
 * public. `named-place`: a person typed it, so it may be this machine or one of their own network, and plain http.
 */
export type Destination = 'open-internet' | 'named-place';

/** What an address may be. */
export interface AddressRules {
  readonly destination: Destination;
  /** IP addresses that count as the open internet. Default: `isPublicAddress`. */
  readonly isPublic?: ((address: string) => boolean) | undefined;
  /** Something secret goes along, which plain http carries over one's own network at most. */
  readonly carriesKey: boolean;
}

const ownNames = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|home\.arpa)\.?$/i;

export const bareHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** Whether a host is this machine itself. Loopback addresses are spelt in one way in a parsed URL. */
export function isLoopback(url: URL): boolean {
  const host = bareHost(url);
  return /(^|\.)localhost\.?$/i.test(host) || host.startsWith('127.') || host === '::1' || host.startsWith('::ffff:7f');
}

export function refuseAddress(message: string, hint: string, details: Readonly<Record<string, string>> = {}): StudioError {
  return new StudioError('address-refused', message, hint, details);
}

function refusePrivate(host: string): StudioError {
  const hint = 'The studio follows addresses to the open internet only. Save the file in your browser and drop it here.';
  return refuseAddress(`${host} is on this machine or your own network.`, hint, { host });
}

function refuseOpenKey(host: string): StudioError {
  const hint = `Use the https address of ${host}.`;
  return refuseAddress(`A key would travel to ${host} unencrypted, so it was not sent.`, hint, { host });
}

/**
 * Reads an address as a place to ask.
 * @throws StudioError `address-refused`
 */
export function readAddress(address: string | URL, destination: Destination): URL {
  const text = String(address);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw refuseAddress('This is not a web address.', 'Write it with https:// in front.');
  const details = { host: url.host };
  if (url.protocol !== 'https:' && (destination === 'open-internet' || url.protocol !== 'http:')) {
    const hint = 'Save the file in your browser and drop it here.';
    throw refuseAddress('Files from the web are fetched over https only.', hint, details);
  }
  if (url.username !== '' || url.password !== '') {
    throw refuseAddress('This address carries a name or a password.', 'Leave it out of the address.', details);
  }
  return url;
}

/** The check of one IP address: throws nothing, gives what is wrong with it. */
function whyNotAddress(url: URL, address: string, rules: AddressRules): StudioError | null {
  const { isPublic = isPublicAddress } = rules;
  if (rules.destination === 'open-internet' && !isPublic(address)) return refusePrivate(url.hostname);
  if (rules.carriesKey && url.protocol === 'http:' && isPublic(address)) return refuseOpenKey(url.hostname);
  return null;
}

/**
 * What looks the name of a host up. Every address it has is checked as it is found and the connection is opened to one of those, so
 * that a name cannot mean one address when it is looked at and another when it is used.
 */
export function lookupChecked(url: URL, rules: AddressRules): LookupFunction {
  return (host, options, answer) => {
    resolveName(host, { ...options, all: true }, (error, found) => {
      // Node leaves `found` out beside an error, whatever its types say.
      if (error !== null) {
        answer(error, '', 0);
        return;
      }
      const [first] = found;
      const wrong = found.map(({ address }) => whyNotAddress(url, address, rules)).find((why) => why !== null);
      if (first === undefined) answer(new Error('no address'), '', 0);
      else if (wrong !== undefined) answer(wrong, '', 0);
      else if (options.all === true) answer(null, found);
      else answer(null, first.address, first.family);
    });
  };
}

/** An address in place of a name is never looked up, so it is checked before. Throws StudioError `address-refused`. */
export function checkNumericHost(url: URL, rules: AddressRules): void {
  const host = bareHost(url);
  const wrong = isIP(host) === 0 ? null : whyNotAddress(url, host, rules);
  if (wrong !== null) throw wrong;
}

/**
 * A proxy looks names up itself, so nothing can be pinned. What can be known here is checked: the addresses the name has for this
 * machine, or, where only the proxy knows it, that it is not of one's own network. https makes the rest sure: whoever answers needs
 * a certificate for that name.
 *
 * @throws StudioError `address-refused`
 */
export async function checkNameForProxy(url: URL, rules: AddressRules): Promise<void> {
  const host = bareHost(url);
  if (rules.carriesKey && url.protocol === 'http:') throw refuseOpenKey(url.hostname);
  if (rules.destination === 'named-place' || isIP(host) !== 0) return;
  if (!host.includes('.') || ownNames.test(host)) throw refusePrivate(url.hostname);
  await new Promise<void>((resolve, reject) => {
    lookupChecked(url, rules)(host, { all: true }, (error) => {
      if (error instanceof StudioError) reject(error);
      else resolve();
    });
  });
}
