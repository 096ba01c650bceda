import type { ErrorBody, ErrorCode } from '../../../contract/errors.ts';
import type { Exchange } from './exchange.ts';

const STATUS_BY_CODE: Partial<Record<ErrorCode, number>> = {
  'not-found': 404,
  'pack-not-found': 404,
  'image-too-large': 413,
  'image-unsupported': 415,
  'bad-request': 400,
  unauthorised: 401,
  'disk-full': 507,
  internal: 500,
};

/**
 * Answers a request outside the contract with the error body the contract uses. A call that never reached its method gets
 * the body in the contract's own wrapping as well, so that a typed client reads it like any other failure.
 */
export function writeError(
  { response, url }: Exchange,
  body: ErrorBody,
  status: number = STATUS_BY_CODE[body.code] ?? 422,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const wrapping = { json: { defined: true, code: 'STUDIO', status, message: body.message, data: body } };
  const answer = url.pathname.startsWith('/rpc/') ? { ...body, ...wrapping } : body;
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(answer));
}
