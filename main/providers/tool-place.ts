import type { z } from 'zod';
import type { ToolConnection, ToolKind } from '../../contract/outside/connection.ts';
import { StudioError } from '../../contract/errors.ts';
import { parseLooseJson } from '../metadata/parse-loose-json.ts';
import type { Answer } from '../network/answer.ts';
import type { LiveSocket } from '../network/open-socket.ts';
import type { Network, PlaceRequest } from '../network/network.ts';

type Sends = PlaceRequest['sends'];

export interface ToolRequest extends Pick<PlaceRequest, 'method' | 'body' | 'headers' | 'maxBytes' | 'limits' | 'signal'> {
  /** Behind the connection's address, with its query. */
  readonly path: string;
  /** What goes along beside the address. Default: nothing. */
  readonly sends?: Sends;
}

/** Most bytes of one picture that comes back, in whatever form. */
export const mostPictureBytes = 128 * 1_048_576;

/** What was asked for is there, or was made. */
const succeeded: ReadonlySet<number> = new Set([200, 201]);

/** A tool's own words, short and on one line. */
export const quoteTool = (said: string): string => said.replace(/\s+/gu, ' ').trim().slice(0, 300);

type KeyForm = Omit<NonNullable<PlaceRequest['key']>, 'secret'>;
const usualKeyForm: KeyForm = { header: 'authorization', before: 'Bearer ' };
/** How a key goes along where it is another way than usual. */
const keyForms: Readonly<Partial<Record<ToolKind, KeyForm>>> = {
  // The web UI knows names with passwords only.
  a1111: { header: 'authorization', before: 'Basic ', base64: true },
  'google-images': { header: 'x-goog-api-key', before: '' },
};

/** Where a tool of one connection is: every request goes there, with its key, under its consent and with its patience. */
export class ToolPlace {
  readonly host: string;
  readonly connection: ToolConnection;
  readonly #network: Network;
  readonly #base: string;

  /** @param address of one of several servers; absent: the first */
  constructor(network: Network, connection: ToolConnection, address = connection.address) {
    this.#network = network;
    this.connection = connection;
    this.#base = address.replace(/\/+$/, '');
    this.host = new URL(address).host;
  }

  /** @throws StudioError as `Network.ask` does */
  ask({ path, sends = [], limits, ...request }: ToolRequest): Promise<Answer> {
    return this.#network.ask({
      ...request,
      address: `${this.#base}${path}`,
      sends,
      limits: limits ?? { firstByteMs: this.patienceMs, idleMs: this.patienceMs },
      ...this.#terms(),
    });
  }

  /**
   * Asks, and reads the answer.
   * @param explain finds the tool's own words in an answer that is a refusal
   * @throws StudioError `tool-refused`, `tool-limited`, `tool-failed`, `answer-unreadable`; as `ask` does
   */
  async read<Value>(request: ToolRequest, schema: z.ZodType<Value>, explain: (text: string) => string): Promise<Value> {
    return this.readAnswer(await this.ask(request), schema, explain);
  }

  /** The same, and null where the tool does not know the question (404). */
  async readOptional<Value>(
    request: ToolRequest,
    schema: z.ZodType<Value>,
    explain: (text: string) => string,
  ): Promise<Value | null> {
    const answer = await this.ask(request);
    if (answer.status !== 404) return this.readAnswer(answer, schema, explain);
    answer.close();
    return null;
  }

  /** Reads an answer as `read` does. */
  async readAnswer<Value>(answer: Answer, schema: z.ZodType<Value>, explain: (text: string) => string): Promise<Value> {
    const text = Buffer.from(await answer.bytes()).toString('utf8');
    if (!succeeded.has(answer.status)) throw this.refusal(answer.status, explain(text));
    const parsed = schema.safeParse(parseLooseJson(text));
    if (parsed.success) return parsed.data;
    const hint = 'Check that the address is that of the program this connection is for.';
    const message = `${this.host} answered something the studio cannot read.`;
    throw new StudioError('answer-unreadable', message, hint, { host: this.host, connection: this.connection.id });
  }

  /** A picture that the tool says lies at an address of its own. Throws as `ask` does. */
  async fetchOwn(url: string, signal: AbortSignal): Promise<Uint8Array> {
    const answer = await this.#network.ask({ address: url, sends: [], maxBytes: mostPictureBytes, signal, ...this.#terms() });
    const bytes = await answer.bytes();
    if (answer.status !== 200) throw this.refusal(answer.status, '');
    return bytes;
  }

  /** @throws StudioError as `Network.listen` does */
  listen(path: string, signal: AbortSignal): Promise<LiveSocket> {
    return this.#network.listen({ address: `${this.#base}${path}`, sends: [], signal, ...this.#terms() });
  }

  get patienceMs(): number {
    return this.connection.patienceSeconds * 1000;
  }

  /**
   * What a tool said instead of what was asked for, as an error in its own words. A key that it says back is taken out.
   * @param known what the tool's own form of errors says; empty where it says nothing
   * @param isOfKey whether the key is what it does not take; services say so in other ways than by the status alone
   */
  refusal(status: number, known: string, isOfKey = status === 401 || status === 403): StudioError {
    const said = quoteTool(this.#network.secrets.redact(known));
    const details = { host: this.host, connection: this.connection.id, status, said };
    const words = said === '' ? '' : ` It says: ${said}`;
    if (isOfKey) {
      const hasKey = this.connection.secret !== null;
      const what = hasKey ? 'does not accept the key' : 'wants a key';
      const hint = hasKey ? 'Check the key, and what it may do.' : 'Name the key of this connection, and set it.';
      return new StudioError('tool-refused', `${this.host} ${what}.${words}`, hint, details);
    }
    if (status === 429 || status === 402) {
      const message = `${this.host} takes no more requests for now.${words}`;
      return new StudioError('tool-limited', message, 'Wait a while, or look at your account there; then draw again.', details);
    }
    if (status === 404) {
      const hint = 'Check the address, and that the program there is the one this connection is for.';
      return new StudioError('tool-refused', `${this.host} does not know what it was asked for.${words}`, hint, details);
    }
    if (status >= 500) {
      const hint = 'Look at the window of that program, then draw again.';
      return new StudioError('tool-failed', `${this.host} met an error (status ${status}).${words}`, hint, details);
    }
    const hint = 'Change what it does not take, in the text or the settings, and draw again.';
    return new StudioError('tool-refused', `${this.host} does not draw this (status ${status}).${words}`, hint, details);
  }

  /** A model the tool does not have. */
  unknownModel(models: readonly string[]): StudioError {
    const { id: connection, model } = this.connection;
    const some = models.slice(0, 8).join(', ');
    const hint = models.length === 0 ? 'Put a model into its folder and start it again.' : `Choose one that it has: ${some}.`;
    return new StudioError('tool-refused', `${this.host} has no model ${model}.`, hint, { host: this.host, connection, model });
  }

  #terms() {
    const { kind, secret } = this.connection;
    const key = secret === null ? {} : { key: { secret, ...(keyForms[kind] ?? usualKeyForm) } };
    return { purpose: 'image-tool' as const, ...key };
  }
}
