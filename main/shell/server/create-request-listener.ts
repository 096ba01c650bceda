import type { IncomingMessage, ServerResponse } from 'node:http';
import { StudioError } from '../../../contract/errors.ts';
import type { Studio } from '../../studio.ts';
import { toErrorBody } from '../../studio.ts';
import { createRpcHandler } from './create-rpc-handler.ts';
import type { Exchange } from './exchange.ts';
import type { PageFile } from './list-page-files.ts';
import { checkRequest } from './request-access.ts';
import type { AccessNeed, RequestAccess } from './request-access.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { servePage } from './serve-page.ts';
import {
  receivePicture,
  servePicture,
  servePreview,
  serveReading,
  serveSample,
  serveShown,
  serveThumbnail,
} from './serve-pictures.ts';
import { writeError } from './write-error.ts';

export interface RequestListenerOptions {
  readonly studio: Studio;
  readonly access: RequestAccess;
  readonly pageFiles: ReadonlyMap<string, PageFile>;
}

interface Route {
  readonly methods: readonly string[];
  readonly path: RegExp;
  readonly need: AccessNeed;
  readonly answer: (exchange: Exchange, groups: readonly string[]) => Promise<void> | void;
}

const OPEN: AccessNeed = { token: false, changes: false };
const READS: AccessNeed = { token: true, changes: false };
const CHANGES: AccessNeed = { token: true, changes: true };

function listRoutes({ studio, access, pageFiles }: RequestListenerOptions): readonly Route[] {
  const rpc = createRpcHandler(studio.router, studio.logFailure);
  const callRpc = async ({ request, response }: Exchange) => {
    const { matched } = await rpc.handle(request, response, { prefix: '/rpc' });
    if (matched) return;
    throw new StudioError(
      'bad-request',
      'The studio has no such method.',
      'Page and studio may be of different versions: reload the page.',
    );
  };
  const read = ['GET', 'HEAD'];
  return [
    { methods: ['POST'], path: /^\/rpc\/.+$/, need: CHANGES, answer: callRpc },
    { methods: ['POST'], path: /^\/images$/, need: CHANGES, answer: (exchange) => receivePicture(exchange, studio) },
    {
      methods: read,
      path: /^\/images\/([^/]+)$/,
      need: READS,
      answer: (exchange, [name = '']) => servePicture(exchange, studio, name),
    },
    {
      methods: read,
      path: /^\/shown\/([^/]+)$/,
      need: READS,
      answer: (exchange, [name = '']) => serveShown(exchange, studio, name),
    },
    {
      methods: read,
      path: /^\/thumbnails\/([^/]+)$/,
      need: READS,
      answer: (exchange, [name = '']) => serveThumbnail(exchange, studio, name),
    },
    {
      methods: read,
      path: /^\/readings\/([^/]+)$/,
      need: READS,
      answer: (exchange, [name = '']) => serveReading(exchange, studio, name),
    },
    {
      methods: read,
      path: /^\/previews\/([^/]+)$/,
      need: READS,
      answer: (exchange, [job = '']) => servePreview(exchange, studio, job),
    },
    {
      methods: read,
      path: /^\/packs\/([^/]+)\/samples\/(.+)$/,
      need: READS,
      answer: (exchange, [pack = '', file = '']) => serveSample(exchange, studio, pack, file),
    },
    { methods: read, path: /^/, need: OPEN, answer: (exchange) => servePage(exchange, pageFiles, access) },
  ];
}

/** Path segments are decoded once, after routing, so that an encoded slash cannot choose another route. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new StudioError('bad-request', 'The address is not URI-encoded.', 'Encode each part of it with encodeURIComponent.');
  }
}

/** The path within the studio: what stands in front may or may not take its own path away. Null for that path without its slash. */
function withoutBase(pathname: string, { origins }: RequestAccess): string | null {
  const base = origins.find((one) => one.base !== '' && (pathname === one.base || pathname.startsWith(`${one.base}/`)))?.base;
  if (base === undefined) return pathname;
  return pathname === base ? null : pathname.slice(base.length);
}

async function answer(exchange: Exchange, routes: readonly Route[], access: RequestAccess): Promise<void> {
  const { request, url } = exchange;
  const fitting = routes.filter((route) => route.path.test(url.pathname));
  const route = fitting.find(({ methods }) => methods.includes(request.method ?? ''));
  // Checked even where no route fits, so that a stranger cannot find out which addresses exist.
  const refusal = checkRequest(request, route?.need ?? CHANGES, access);
  if (refusal !== null) {
    request.resume();
    writeError(exchange, refusal.error.toBody(), refusal.status);
    return;
  }
  if (route === undefined) {
    request.resume();
    const error = new StudioError(
      'bad-request',
      `${request.method} is not possible here.`,
      'Use the methods the contract names.',
    );
    writeError(exchange, error.toBody(), 405);
    return;
  }
  const groups = route.path.exec(url.pathname)?.slice(1) ?? [];
  await route.answer(exchange, groups.map(decodeSegment));
}

/**
 * Answers everything a page or program asks over HTTP. It knows no socket: the loopback server uses it, and a desktop
 * shell can serve the same listener on a Unix socket or a named pipe.
 */
export function createRequestListener(
  options: RequestListenerOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const routes = listRoutes(options);
  return (request, response) => {
    setSecurityHeaders(response, 'data');
    // An address that cannot be parsed names nothing here either.
    const url = URL.parse(request.url ?? '/', 'http://studio') ?? new URL('http://studio/unreadable-address');
    const path = withoutBase(url.pathname, options.access);
    if (path === null) {
      // Everything the page asks for is named from the folder it lies in.
      response.writeHead(308, { location: `${url.pathname.split('/').at(-1)}/${url.search}` }).end();
      return;
    }
    url.pathname = path;
    request.url = `${path}${url.search}`;
    const exchange = { request, response, url };
    answer(exchange, routes, options.access).catch((error: unknown) => {
      // A reader who went away is not a failure, and there is nobody left to tell.
      if (response.destroyed) return;
      writeError(exchange, toErrorBody(error, options.studio.logFailure));
    });
  };
}
