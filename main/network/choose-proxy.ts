import { BlockList, isIP } from 'node:net';
import { StudioError } from '../../contract/errors.ts';
import { bareHost, isLoopback } from './check-destination.ts';

/** Variables as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The lower-case name goes first, as in curl. */
function read(environment: Environment, name: string): string {
  return (environment[name.toLowerCase()] ?? environment[name] ?? '').trim();
}

function isInNetwork(host: string, rule: string): boolean {
  const [network = '', prefix = ''] = rule.split('/');
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(prefix)) return false;
  const bits = Number(prefix);
  if (bits > (family === 4 ? 32 : 128)) return false;
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  const networks = new BlockList();
  networks.addSubnet(network, bits, kind);
  return networks.check(host, kind);
}

/** One entry of NO_PROXY: `*`, a name with all below it, `host:port`, an address, or a network as `10.0.0.0/8`. */
function isExcepted(url: URL, entry: string): boolean {
  if (entry === '*') return true;
  const host = bareHost(url).toLowerCase().replace(/\.$/, '');
  if (entry.includes('/')) return isInNetwork(host, entry);
  const withPort = /^(?<name>\[[^\]]+\]|[^:]+):(?<port>\d+)$/.exec(entry)?.groups;
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  if (withPort !== undefined && withPort['port'] !== port) return false;
  const name = (withPort?.['name'] ?? entry)
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/^\*?\./, '');
  return host === name || (isIP(name) === 0 && host.endsWith(`.${name}`));
}

/**
 * The proxy the environment names for an address: HTTPS_PROXY or HTTP_PROXY, and not what NO_PROXY excepts; small letters count too.
 * This machine itself is never asked through a proxy.
 *
 * @throws StudioError `address-unreachable` for a proxy of a kind the studio does not speak to
 */
export function chooseProxy(url: URL, environment: Environment): URL | null {
  if (isLoopback(url)) return null;
  const named = read(environment, url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (named === '') return null;
  const excepted = read(environment, 'NO_PROXY')
    .split(/[\s,]+/)
    .filter((entry) => entry !== '');
  if (excepted.some((entry) => isExcepted(url, entry))) return null;
  // As curl reads it: without a scheme it is http.
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(named) ? named : `http://${named}`;
  const proxy = URL.canParse(address) ? new URL(address) : null;
  if (proxy === null || (proxy.protocol !== 'http:' && proxy.protocol !== 'https:')) {
    const hint = 'Give HTTPS_PROXY the address of an http or https proxy, or leave it out.';
    // The value may hold a password, so it is not repeated.
    throw new StudioError('address-unreachable', 'The proxy of this machine is none the studio can use.', hint, {
      host: url.host,
      reason: 'proxy',
    });
  }
  return proxy;
}
