import type { ErrorBody, ErrorCode } from '../../../contract/errors.ts';
import type { Exchange } from './exchange.ts';

const STATUS_BY_CODE: Partial<Record<ErrorCode, number>> = {
  'not-found': 404,
  'pack-not-found': 404,
  'image-too-large': 413,
  'image-unsupported': 415,
  'bad-request': 400,
  unauthorised: 401,
  'not-allowed': 403,
  'disk-full': 507,
  internal: 500,
};

/** An error as the programs that ask at a path read it. */
function formOf(pathname: string, body: ErrorBody, status: number): unknown {
  const sentences = `${body.message} ${body.hint}`;
  if (pathname.startsWith('/rpc/')) {
    return { ...body, json: { defined: true, code: 'STUDIO', status, message: body.message, data: body } };
  }
  if (pathname.startsWith('/v1/')) {
    const place = body.details['place'];
    const param = typeof place === 'string' && place !== '' ? place : null;
    const type = status < 500 ? 'invalid_request_error' : 'server_error';
    return { error: { message: sentences, type, param, code: OPENAI_CODES[body.code] ?? body.code.replaceAll('-', '_') } };
  }
  if (pathname.startsWith('/sdapi/')) return { error: body.code, detail: sentences, body: '', errors: body.message };
  return body;
}

/** What OpenAI's clients look for. */
const OPENAI_CODES: Partial<Record<ErrorCode, string>> = {
  unauthorised: 'invalid_api_key',
  'pack-not-found': 'model_not_found',
};

/**
 * Answers a request outside the contract with the error body the contract uses. A call that never reached its method gets
 * the body in the contract's own wrapping as well, so that a typed client reads it like any other failure; programs that take the studio
 * for another get the form of that one.
 */
export function writeError({ response, url }: Exchange, body: ErrorBody, status: number = statusOf(body.code)): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(formOf(url.pathname, body, status)));
}

/** The status that comes nearest to an error. */
export const statusOf = (code: ErrorCode): number => STATUS_BY_CODE[code] ?? 422;
