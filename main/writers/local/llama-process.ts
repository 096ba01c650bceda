import { answerOnce } from './answer-once.ts';
import type { Send } from './answer-once.ts';
import { llamaOrderSchema } from './local-orders.ts';
import type { LlamaOrder } from './local-orders.ts';

/**
 * The process of a language model in a file: it loads the model with node-llama-cpp, writes one answer and ends. What a model does to it ends
 * here, and whoever cancels ends it. Started by local-writer.ts.
 */

type HistoryItem =
  { readonly type: 'system' | 'user'; readonly text: string } | { readonly type: 'model'; readonly response: readonly string[] };

/** What of node-llama-cpp 3 is used; it is no dependency, so its own types are not here. */
interface LlamaLibrary {
  getLlama(options: { readonly build: 'never'; readonly skipDownload: true; readonly maxThreads: number }): Promise<Llama>;
  readonly LlamaChatSession: new (options: { readonly contextSequence: Sequence }) => Session;
}
interface Llama {
  loadModel(options: { readonly modelPath: string }): Promise<Model>;
  createGrammarForJsonSchema(schema: Readonly<Record<string, unknown>>): Promise<object>;
}
interface Model {
  readonly trainContextSize: number;
  createContext(options: { readonly contextSize: number; readonly threads: number }): Promise<{ getSequence(): Sequence }>;
}
interface Sequence {
  readonly tokenMeter: { readonly usedInputTokens: number; readonly usedOutputTokens: number };
}
interface Session {
  setChatHistory(history: readonly HistoryItem[]): void;
  promptWithMeta(
    prompt: string,
    options: {
      readonly grammar: object;
      readonly maxTokens: number;
      readonly temperature: number;
      readonly onTextChunk: (text: string) => void;
    },
  ): Promise<{ readonly responseText: string; readonly stopReason: string }>;
}

async function write(order: LlamaOrder, send: Send): Promise<void> {
  const { library, model: modelPath, threads, messages, system } = order;
  const llamaCpp = (await import(library)) as LlamaLibrary;
  // Nothing is built and nothing fetched: what the artist installed is what runs.
  const llama = await llamaCpp.getLlama({ build: 'never', skipDownload: true, maxThreads: threads });
  const model = await llama.loadModel({ modelPath });
  const contextSize = Math.min(order.contextTokens, model.trainContextSize);
  const contextSequence = (await model.createContext({ contextSize, threads })).getSequence();
  const session = new llamaCpp.LlamaChatSession({ contextSequence });
  const question = messages.at(-1)?.text ?? '';
  session.setChatHistory([
    { type: 'system', text: system },
    ...messages
      .slice(0, -1)
      .map(({ role, text }): HistoryItem => (role === 'user' ? { type: 'user', text } : { type: 'model', response: [text] })),
  ]);
  const { responseText, stopReason } = await session.promptWithMeta(question, {
    grammar: await llama.createGrammarForJsonSchema(order.schema),
    maxTokens: order.answerTokens,
    temperature: order.temperature,
    onTextChunk: (text) => void send({ type: 'piece', text }),
  });
  const { usedInputTokens: inputTokens, usedOutputTokens: outputTokens } = contextSequence.tokenMeter;
  await send({ type: 'done', text: responseText, isWhole: stopReason !== 'maxTokens', inputTokens, outputTokens });
}

answerOnce(llamaOrderSchema, write);
