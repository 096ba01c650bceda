import type { IncomingMessage, ServerResponse } from 'node:http';
import { StudioError } from '../../../contract/errors.ts';
import type { Studio } from '../../studio.ts';
import { toErrorBody } from '../../studio.ts';
import { listOpenaiRoutes } from './compatible/openai-routes.ts';
import { listWebuiRoutes } from './compatible/webui-routes.ts';
import { listContractRoutes } from './contract-routes.ts';
import type { Exchange } from './exchange.ts';
import { admitForeignPage, answerPreflight } from './foreign-pages.ts';
import type { PageFile } from './list-page-files.ts';
import { checkRequest } from './request-access.ts';
import type { RequestAccess } from './request-access.ts';
import { CALLS, DRAWS, OPEN, READS } from './route.ts';
import type { Route } from './route.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { servePage } from './serve-page.ts';
import {
  receivePicture,
  servePicture,
  servePreview,
  serveReading,
  serveSample,
  serveSaved,
  serveShown,
  serveThumbnail,
} from './serve-pictures.ts';
import { writeError } from './write-error.ts';

export interface RequestListenerOptions {
  readonly studio: Studio;
  readonly access: RequestAccess;
  readonly pageFiles: ReadonlyMap<string, PageFile>;
}

function listRoutes({ studio, access, pageFiles }: RequestListenerOptions): readonly Route[] {
  const read = ['GET', 'HEAD'];
  return [
    { methods: ['POST'], path: /^(?:\/api)?\/images$/, need: DRAWS, answer: (exchange) => receivePicture(exchange, studio) },
    {
      methods: read,
      path: /^(?:\/api)?\/images\/([^/]+)$/,
      need: READS,
      answer: (exchange, [name = '']) => servePicture(exchange, studio, name),
    },
    {
      methods: read,
      path: /^\/saved\/([^/]+)$/,
      need: READS,
      answer: (exchange, [name = '']) => serveSaved(exchange, studio, name),
    },
    {
      methods: read,
      path: /^\/shown\/([^/]+)$/,
      need: READS,
      answer: (exchange, [name = '']) => serveShown(exchange, studio, name),
    },
    {
      methods: read,
      path: /^(?:\/api)?\/thumbnails\/([^/]+)$/,
      need: READS,
      answer: (exchange, [name = '']) => serveThumbnail(exchange, studio, name),
    },
    {
      methods: read,
      path: /^(?:\/api)?\/readings\/([^/]+)$/,
      need: READS,
      answer: (exchange, [name = '']) => serveReading(exchange, studio, name),
    },
    {
      methods: read,
      path: /^(?:\/api)?\/previews\/([^/]+)$/,
      need: READS,
      answer: (exchange, [job = '']) => servePreview(exchange, studio, job),
    },
    {
      methods: read,
      path: /^\/packs\/([^/]+)\/samples\/(.+)$/,
      need: READS,
      answer: (exchange, [pack = '', file = '']) => serveSample(exchange, studio, pack, file),
    },
    ...listContractRoutes(studio),
    ...listOpenaiRoutes(studio),
    ...listWebuiRoutes(studio),
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

async function answer(
  exchange: Exchange,
  routes: readonly Route[],
  { access, studio: { accessKeys } }: RequestListenerOptions,
): Promise<void> {
  const { request, url } = exchange;
  admitForeignPage(exchange, accessKeys);
  const fitting = routes.filter((route) => route.path.test(url.pathname));
  const route = fitting.find(({ methods }) => methods.includes(request.method ?? ''));
  // Checked even where no route fits, so that a stranger cannot find out which addresses exist.
  const decision = checkRequest(request, route?.need ?? CALLS, access, accessKeys);
  if (decision.type === 'refused') {
    request.resume();
    if (!answerPreflight(exchange, accessKeys)) writeError(exchange, decision.error.toBody(), decision.status);
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
  const { key, scope } = decision;
  // What a key's program is being sent ends with the key: streams are longer than many keys.
  const stopWatching = key === null ? null : accessKeys.whenGone(key, () => exchange.response.destroy());
  try {
    await route.answer(exchange, groups.map(decodeSegment), scope);
  } finally {
    stopWatching?.();
  }
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
    answer(exchange, routes, options).catch((error: unknown) => {
      // A reader who went away is not a failure, and there is nobody left to tell.
      if (response.destroyed) return;
      writeError(exchange, toErrorBody(error, options.studio.logFailure));
    });
  };
}
