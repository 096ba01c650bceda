import { z } from 'zod';
import type { WriterState, WriterTest } from '../../contract/connection.ts';
import type { Network } from '../network/network.ts';
import type { ConnectionStore } from './connection-store.ts';
import { ModelWriter } from './model-writer.ts';

const form = {
  name: 'colour',
  schema: { type: 'object', properties: { colour: { type: 'string' } }, required: ['colour'], additionalProperties: false },
} as const;
const answerSchema = z.object({ colour: z.string() });

function isFormed(text: string): boolean {
  try {
    return answerSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/**
 * Asks a language model one short question, to see whether it answers, how soon, and in the form asked for.
 * @throws StudioError `writer-limited`; as Writer.write does
 */
export async function testConnection(
  network: Network,
  connections: ConnectionStore,
  connection: WriterState,
  signal: AbortSignal,
): Promise<WriterTest> {
  connections.requireBudget(connection);
  const order = {
    system: 'Answer with JSON that has the one property colour.',
    messages: [{ role: 'user', text: 'What colour is snow?' }] as const,
    form,
  };
  const started = performance.now();
  let firstWordMs: number | null = null;
  const writing = new ModelWriter(network, connection).write(order, signal);
  for (;;) {
    const next = await writing.next();
    firstWordMs ??= performance.now() - started;
    if (next.done !== true) continue;
    const { text, usage, isFormed: wasHeld } = next.value;
    await connections.count(connection.id, usage);
    const answer = text.replace(/\s+/gu, ' ').trim().slice(0, 200);
    return { type: 'writer', answer, firstWordMs, totalMs: performance.now() - started, structured: wasHeld && isFormed(text) };
  }
}
