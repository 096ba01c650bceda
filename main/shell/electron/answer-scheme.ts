import type { CoreState } from '../../../contract/desktop.ts';
import type { ErrorBody } from '../../../contract/errors.ts';

export const studioScheme = 'studio';
/** The one origin there is: every other is refused. */
export const studioOrigin = `${studioScheme}://app`;

export interface SchemeServices {
  /** Waits for a host that is starting, so that the page need not poll. */
  readonly whenCoreSettled: () => Promise<CoreState>;
  readonly forward: (request: Request) => Promise<Response>;
  readonly servePage: (request: Request) => Promise<Response>;
  readonly note: (message: string) => void;
}

const corePath = /^\/(rpc|images|saved|shown|thumbnails|readings|previews|packs)(\/|$)/;

function isOwnRequest(request: Request): boolean {
  // Compared as text: Node gives custom schemes the origin "null".
  if (!request.url.startsWith(`${studioOrigin}/`)) return false;
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  return (origin === null || origin === studioOrigin) && (site === null || site === 'same-origin' || site === 'none');
}

/** The same error bodies as the core's own: wrapped for its methods, plain for everything else. */
function answerFailure(request: Request, error: ErrorBody): Response {
  const status = 503;
  const isMethod = request.url.startsWith(`${studioOrigin}/rpc/`);
  const body = isMethod ? { json: { defined: false, code: 'STUDIO', status, message: error.message, data: error } } : error;
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } });
}

/** Answers `studio://app/…`: the page from the program's folder, everything else by the host. A host that cannot be reached reads as a lost network. */
export async function answerScheme(request: Request, services: SchemeServices): Promise<Response> {
  if (!isOwnRequest(request)) return new Response(null, { status: 403 });
  if (!corePath.test(new URL(request.url).pathname)) return services.servePage(request);
  const state = await services.whenCoreSettled();
  if (state.type === 'failed') return answerFailure(request, state.error);
  if (state.type !== 'ready') return Response.error();
  try {
    return await services.forward(request);
  } catch (error) {
    services.note(`The host did not answer: ${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'}.`);
    return Response.error();
  }
}
