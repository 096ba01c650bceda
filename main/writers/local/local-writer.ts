import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { on } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { StudioError } from '../../../contract/errors.ts';
import { withoutKeys } from '../../running/known-keys.ts';
import type { WriteOrder, Writer, Written } from '../../ports/writer.ts';
import { findLlama } from './find-llama.ts';
import { localMessageSchema } from './local-orders.ts';
import type { LlamaOrder, LocalMessage, TransformersOrder } from './local-orders.ts';

/** A GGUF file, or the folder and the graphs of a small model of transformers.js. */
export type LocalModel =
  | { readonly layout: 'gguf'; readonly file: string }
  | { readonly layout: 'transformers.js'; readonly folder: string; readonly graphs: Readonly<Record<string, string>> };

export interface LocalWriterOptions {
  /** As a person knows it. */
  readonly name: string;
  readonly model: LocalModel;
  /** Where node-llama-cpp is looked for first. */
  readonly dataFolder: string;
}

interface PreparedOrder {
  readonly script: './llama-process.ts' | './transformers-process.ts';
  readonly order: LlamaOrder | TransformersOrder;
  /** Whether the answer is held to the form. */
  readonly isFormed: boolean;
}

/** Tokens such a model reads at once, at most, and writes: more costs memory that a picture may need. */
export const localTokens = { contextTokens: 4096, answerTokens: 1000 } as const;

/** As for models behind connections: a blend is to be right, not surprising. */
const temperature = 0.4;

/** With all cores it waits for the one that draws, and is twenty times slower. */
const threads = Math.max(1, availableParallelism() - 1);

/**
 * A language model on this machine. Each answer has a process of its own, which loads the model anew and is ended when it is cancelled;
 * nothing leaves the machine, and no memory is kept.
 */
export class LocalWriter implements Writer {
  readonly #options: LocalWriterOptions;

  constructor(options: LocalWriterOptions) {
    this.#options = options;
  }

  /** @throws StudioError `not-found` where node-llama-cpp is not installed, `writer-refused` where the model cannot be used; the signal's reason */
  async *write({ system, messages, form }: WriteOrder, signal: AbortSignal): AsyncGenerator<string, Written, void> {
    signal.throwIfAborted();
    const { script, order, isFormed } = await this.#prepare({ system, messages, form });
    signal.throwIfAborted();
    const child = fork(fileURLToPath(new URL(script, import.meta.url)), [], {
      serialization: 'advanced',
      env: withoutKeys(process.env),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    try {
      child.send(order, () => undefined);
      for await (const message of readMessages(child, signal)) {
        if (message.type === 'piece') yield message.text;
        else if (message.type === 'failed') throw this.#refuse(message.reason);
        else {
          const { text, isWhole, inputTokens, outputTokens } = message;
          return { text, isWhole, isFormed, usage: { inputTokens, outputTokens } };
        }
      }
      throw this.#refuse('its process ended before the answer did');
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      child.kill('SIGKILL');
    }
  }

  /** llama.cpp holds the answer to the form; by transformers.js it is asked for in words alone, and read as leniently as any. */
  async #prepare({ system, messages, form }: WriteOrder): Promise<PreparedOrder> {
    const { model, dataFolder } = this.#options;
    const talk = { threads, ...localTokens, system, messages: messages.map(({ role, text }) => ({ role, text })) };
    if (model.layout === 'transformers.js') {
      const { folder, graphs } = model;
      return { script: './transformers-process.ts', order: { ...talk, folder, graphs: { ...graphs } }, isFormed: false };
    }
    const order = { ...talk, library: await findLlama(dataFolder), model: model.file, temperature, schema: { ...form.schema } };
    return { script: './llama-process.ts', order, isFormed: true };
  }

  #refuse(reason: string): StudioError {
    const hint = 'Choose a smaller model, or get its file again; the details say more.';
    return new StudioError('writer-refused', `${this.#options.name} could not write.`, hint, { reason: reason.slice(0, 500) });
  }
}

/** Until the process is gone. */
async function* readMessages(child: ChildProcess, signal: AbortSignal): AsyncGenerator<LocalMessage, void, void> {
  for await (const [message] of on(child, 'message', { signal, close: ['close'] })) yield localMessageSchema.parse(message);
}
