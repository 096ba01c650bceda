import type { WriterConnection } from '../../contract/outside/connection.ts';
import type { Network } from '../network/network.ts';
import type { WriteOrder, Writer, Written } from '../ports/writer.ts';
import { explainWriter, refusalOf } from './explain-writer.ts';
import { makeModel } from './make-model.ts';
import type { Model } from './make-model.ts';
import { waitForRetry } from './wait-for-retry.ts';

type CallOptions = Parameters<Model['doStream']>[0];
type StreamPart = Awaited<ReturnType<Model['doStream']>>['stream'] extends ReadableStream<infer Part> ? Part : never;

/** Little chance in it: a blend is to be right, not surprising. */
const temperature = 0.4;

function toPrompt({ system, messages }: WriteOrder): CallOptions['prompt'] {
  return [
    { role: 'system', content: system },
    ...messages.map(({ role, text, pictures = [] }) => ({
      role,
      content: [
        ...pictures.map((data) => ({ type: 'file' as const, mediaType: 'image/png', data: { type: 'data' as const, data } })),
        { type: 'text' as const, text },
      ],
    })),
  ];
}

/** A language model behind a connection. */
export class ModelWriter implements Writer {
  readonly #network: Network;
  readonly #connection: WriterConnection;

  constructor(network: Network, connection: WriterConnection) {
    this.#network = network;
    this.#connection = connection;
  }

  async *write(order: WriteOrder, signal: AbortSignal): AsyncGenerator<string, Written, void> {
    const { address, model } = this.#connection;
    try {
      signal.throwIfAborted();
      const { stream, isFormed } = await this.#open(order, signal);
      return yield* this.#read(stream, isFormed, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw explainWriter(error, new URL(address).host, model, (text) => this.#network.secrets.redact(text));
    }
  }

  /** Asks until the server begins to answer. A server that does not take the form is asked again without it. */
  async #open(order: WriteOrder, signal: AbortSignal): Promise<{ stream: ReadableStream<StreamPart>; isFormed: boolean }> {
    const shows = order.messages.some(({ pictures = [] }) => pictures.length > 0);
    const model = await makeModel(this.#network, this.#connection, shows ? ['text', 'picture'] : ['text']);
    let isFormed = true;
    for (let retries = 0; ;) {
      const { name, schema } = order.form;
      const options: CallOptions = {
        prompt: toPrompt(order),
        maxOutputTokens: this.#connection.answerTokens,
        temperature,
        abortSignal: signal,
        ...(isFormed ? { responseFormat: { type: 'json', name, schema } } : {}),
      };
      try {
        return { stream: (await model.doStream(options)).stream, isFormed };
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === null) throw error;
        // Without the form an unknown model is no better known.
        if (refusal.isOfModel) throw error;
        if (isFormed && (refusal.status === 400 || refusal.status === 422)) isFormed = false;
        else if (await waitForRetry(refusal, retries, signal)) retries += 1;
        else throw error;
      }
    }
  }

  async *#read(
    stream: ReadableStream<StreamPart>,
    isFormed: boolean,
    signal: AbortSignal,
  ): AsyncGenerator<string, Written, void> {
    const reader = stream.getReader();
    const stop = (): void => void reader.cancel(signal.reason).catch(() => undefined);
    signal.addEventListener('abort', stop, { once: true });
    let text = '';
    let isWhole = false;
    let usage: Written['usage'] = null;
    try {
      for (;;) {
        const { done, value: part } = await reader.read();
        signal.throwIfAborted();
        if (done) break;
        if (part.type === 'error') throw part.error;
        if (part.type === 'text-delta') {
          text += part.delta;
          yield part.delta;
        } else if (part.type === 'finish') {
          isWhole = part.finishReason.unified === 'stop';
          const { inputTokens, outputTokens } = part.usage;
          if (inputTokens.total !== undefined && outputTokens.total !== undefined) {
            usage = { inputTokens: inputTokens.total, outputTokens: outputTokens.total };
          }
        }
      }
    } finally {
      signal.removeEventListener('abort', stop);
      // Whoever leaves early, or an error: the connection ends.
      await reader.cancel().catch(() => undefined);
    }
    return { text, isWhole, isFormed, usage };
  }
}
