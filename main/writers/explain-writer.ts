import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';

const shortErrorSchema = z.object({ error: z.string() });

/** What libraries wrap around a server's refusal; read by its form, so that none of them has to be loaded for it. */
interface ServerRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly said: string;
  /** Whether what it does not take is the name of the model: most say so by 404, LM Studio and llama.cpp's router by 400 and words. */
  readonly isOfModel: boolean;
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
  const status = error.statusCode;
  const said = readShortError('responseBody' in error ? error.responseBody : undefined) ?? error.message;
  const isOfModel = status === 404 || ((status === 400 || status === 422) && unknownModel.test(said));
  return { status, headers: headers ?? {}, said, isOfModel };
}

const unknownModel = /\bmodel\b.*(?:not found|does not exist|not loaded)|(?:invalid|unknown|no) models?\b/iu;

/** The words of an error that is a text and no object, which the libraries do not look for: so LM Studio and older Ollamas answer. */
function readShortError(body: unknown): string | null {
  if (typeof body !== 'string') return null;
  try {
    return shortErrorSchema.safeParse(JSON.parse(body)).data?.error ?? null;
  } catch {
    return null;
  }
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
  const { status, isOfModel } = refusal;
  const said = quote(redact(refusal.said));
  const details = { host, model, status, said };
  const refuse = (code: 'writer-refused' | 'writer-limited', what: string, hint: string): StudioError =>
    new StudioError(code, said === '' ? `${host} ${what}.` : `${host} ${what}. It says: ${said}`, hint, details);
  // Gemini says so by 400.
  if (status === 401 || status === 403 || (status === 400 && /\bAPI key\b/iu.test(said))) {
    return refuse('writer-refused', 'does not accept the key', 'Check the key of this connection, and what it may do.');
  }
  if (isOfModel) {
    const hint = 'Check the name of the model, and that it is loaded there; then the address: most end in /v1.';
    return refuse('writer-refused', `does not know the model ${model}`, hint);
  }
  if (status === 429) return refuse('writer-limited', 'takes no more requests for now', 'Wait a while, then try again.');
  if (status >= 500) {
    const hint = 'Try again later, or look at what that program says.';
    return refuse('writer-refused', `could not answer (status ${status})`, hint);
  }
  const hint = 'Check the model and the address of this connection.';
  return refuse('writer-refused', `did not take the request (status ${status})`, hint);
}
