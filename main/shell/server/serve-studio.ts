import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { StudioError } from '../../../contract/errors.ts';
import type { Studio } from '../../studio.ts';
import { createRequestListener } from './create-request-listener.ts';
import { listHosts, listOpenings, readPublicOrigin } from './list-addresses.ts';
import { listPageFiles } from './list-page-files.ts';
import { createSessionToken } from './request-access.ts';
import type { RequestAccess } from './request-access.ts';

export interface ServeOptions {
  readonly studio: Studio;
  /** Address to listen on. Default 127.0.0.1: this machine only. */
  readonly host?: string;
  /**
   * Addresses that the studio is reached at through something in front of it, such as https://studio.example/pictures. Their
   * names and origins are let in beside its own, and nothing else.
   */
  readonly origins?: readonly string[];
  /** Default 4173. 0 takes any free port. */
  readonly port?: number;
  /** Take the next free port when `port` is in use, up to twenty further. Default false. */
  readonly nextFreePort?: boolean;
  /** Folder of the built page. Default: where the build puts it. */
  readonly pageFolder?: string;
  /** The session's secret; made new when absent. */
  readonly token?: string;
}

export interface StudioServer {
  /** Where the studio is, without the secret. */
  readonly origin: string;
  /** The link that opens the studio: it carries the session's secret. */
  readonly url: string;
  /** Every link that opens it, the one above first: from other machines too, where it listens to them. */
  readonly urls: readonly string[];
  readonly port: number;
  readonly token: string;
  /** Ends open streams and connections; the studio itself stays open. */
  close(): Promise<void>;
}

const DEFAULT_PORT = 4173;
const PORTS_TO_TRY = 20;
const BUILT_PAGE = fileURLToPath(new URL('../../../dist/renderer', import.meta.url));

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function explainListenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const details = { host, port, system: error.code ?? '' };
  if (error.code === 'EADDRINUSE') {
    return new StudioError(
      'bad-request',
      `Port ${port} is in use.`,
      'Choose another with --port, or leave it out to take a free one.',
      details,
    );
  }
  if (error.code === 'EACCES') {
    return new StudioError(
      'bad-request',
      `This account may not use port ${port}.`,
      'Choose a port above 1023 with --port.',
      details,
    );
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new StudioError(
      'bad-request',
      `${host} is not an address of this machine.`,
      'Leave --host out, or name one of its addresses.',
      details,
    );
  }
  return error;
}

async function listenFrom(server: Server, host: string, firstPort: number, attempts: number): Promise<number> {
  for (let offset = 0; ; offset += 1) {
    const port = firstPort === 0 ? 0 : firstPort + offset;
    try {
      return await listen(server, host, port);
    } catch (error) {
      const cause = error as NodeJS.ErrnoException;
      if (cause.code !== 'EADDRINUSE' || offset + 1 >= attempts || port >= 65_535) throw explainListenError(cause, host, port);
    }
  }
}

/** Opens the studio to browsers and scripts over HTTP. */
export async function serveStudio(options: ServeOptions): Promise<StudioServer> {
  const host = options.host ?? '127.0.0.1';
  const token = options.token ?? createSessionToken();
  const origins = (options.origins ?? []).map(readPublicOrigin);
  const pageFiles = await listPageFiles(options.pageFolder ?? BUILT_PAGE);
  const server = createServer();
  const port = await listenFrom(server, host, options.port ?? DEFAULT_PORT, options.nextFreePort === true ? PORTS_TO_TRY : 1);
  // Cookies are shared by all ports of a machine; the name keeps two studios apart.
  const access: RequestAccess = { token, cookieName: `dediffusion-${port}`, hosts: listHosts(host, port), origins };
  server.on('request', createRequestListener({ studio: options.studio, access, pageFiles }));
  const openings = listOpenings(host, port, origins);
  const urls = openings.map((opening) => `${opening}/?token=${token}`);
  const [origin = '', url = ''] = [openings[0], urls[0]];
  return {
    origin,
    url,
    urls,
    port,
    token,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
