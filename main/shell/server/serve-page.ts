import { StudioError } from '../../../contract/errors.ts';
import type { Exchange } from './exchange.ts';
import type { PageFile } from './list-page-files.ts';
import { findPublicOrigin, matchesToken } from './request-access.ts';
import type { RequestAccess } from './request-access.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { sendFile } from './send-file.ts';
import { writeError } from './write-error.ts';

/** Turns the key in the printed link into a cookie that scripts cannot read, and takes it out of the address bar. */
function startSession(exchange: Exchange, offered: string, access: RequestAccess): void {
  const { response } = exchange;
  response.setHeader('cache-control', 'no-store');
  if (!matchesToken(offered, access.token)) {
    const error = new StudioError(
      'unauthorised',
      'The key in this link is not that of the running studio.',
      'Every start has a new key: open the link that the studio printed last.',
    );
    writeError(exchange, error.toBody(), 401);
    return;
  }
  const front = findPublicOrigin(exchange.request, access);
  const path = `${front?.base ?? ''}/`;
  const secure = front?.origin.startsWith('https:') === true ? '; Secure' : '';
  response.setHeader('set-cookie', `${access.cookieName}=${access.token}; HttpOnly; SameSite=Strict; Path=${path}${secure}`);
  // Something in front may have changed the Host and taken its path away; where a path was given, only a step from here is right.
  const based = access.origins.some(({ base }) => base !== '');
  response.writeHead(303, { location: based ? './' : '/' }).end();
}

/** Answers with a file of the built page. The page holds no secret, so it needs no session; what it asks for does. */
export async function servePage(exchange: Exchange, files: ReadonlyMap<string, PageFile>, access: RequestAccess): Promise<void> {
  setSecurityHeaders(exchange.response, 'page');
  const offered = exchange.url.searchParams.get('token');
  if (exchange.url.pathname === '/' && offered !== null) {
    startSession(exchange, offered, access);
    return;
  }
  const file = files.get(exchange.url.pathname);
  if (file === undefined) {
    throw files.size === 0
      ? new StudioError('not-found', 'The page has not been built.', 'Run "npm start", which builds it first.')
      : new StudioError('not-found', 'There is nothing at this address.', 'Go to the first page of the studio.');
  }
  await sendFile(exchange, { ...file, cacheControl: file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache' });
}
