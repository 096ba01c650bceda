import { StudioError } from '../../contract/errors.ts';

/** What libraries wrap around a server's refusal; read by its form, so that none of them has to be loaded for it. */
interface ServerRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly said: string;
}

function causesOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let next = error; next !== undefined && next !== null && chain.length < 8;) {
    chain.push(next);
    next = next instanceof Error ? next.cause : undefined;
  }
  return chain;
}

/** The refusal of a server in an error of the AI SDK; null for anything else. */
export function refusalOf(error: unknown): ServerRefusal | null {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return null;
  const headers = 'responseHeaders' in error ? (error.responseHeaders as Record<string, string> | undefined) : undefined;
  return { status: error.statusCode, headers: headers ?? {}, said: error.message };
}

/** A server's own words, short and on one line; it may have been sent the key, so whoever shows them has taken keys out. */
const quote = (said: string): string => said.replace(/\s+/gu, ' ').trim().slice(0, 200);

/**
 * A failure of a language model in words a person understands. Neither the texts that were sent nor any header is in it.
 *
 * @param redact takes keys out of a text
 */
export function explainWriter(error: unknown, host: string, model: string, redact: (text: string) => string): unknown {
  const known = causesOf(error).find((one) => one instanceof StudioError);
  if (known !== undefined) return known;
  const refusal = refusalOf(error);
  if (refusal === null) {
    const reason = error instanceof Error ? quote(redact(error.message)) : '';
    const hint = 'Try again. If it stays, check that the address is that of a language model.';
    return new StudioError('answer-unreadable', `${host} answered something the studio cannot read.`, hint, {
      host,
      said: reason,
    });
  }
  const { status } = refusal;
  const details = { host, model, status, said: quote(redact(refusal.said)) };
  if (status === 401 || status === 403) {
    return new StudioError(
      'writer-refused',
      `${host} does not accept the key.`,
      'Check the key of this connection, and what it may do.',
      details,
    );
  }
  if (status === 404) {
    const hint = 'Check the name of the model and the address: most end in /v1.';
    return new StudioError('writer-refused', `${host} does not know the model ${model}.`, hint, details);
  }
  if (status === 429) {
    return new StudioError('writer-limited', `${host} takes no more requests for now.`, 'Wait a while, then try again.', details);
  }
  if (status >= 500) {
    return new StudioError(
      'writer-refused',
      `${host} could not answer (status ${status}).`,
      'Try again later, or look at what that program says.',
      details,
    );
  }
  return new StudioError(
    'writer-refused',
    `${host} did not take the request (status ${status}).`,
    'Check the model and the address of this connection.',
    details,
  );
}
