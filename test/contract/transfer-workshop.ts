import { onTestFinished } from 'vitest';
import { connectionSchema } from '../../contract/outside/connection.ts';
import type { Transfer, TransferOrder } from '../../contract/transfer.ts';
import { transferOrderSchema } from '../../contract/transfer.ts';
import type { z } from 'zod';
import { ComfyuiServer } from '../helpers/comfyui-server.ts';
import { serveHttp } from '../unit/network/local-servers.ts';
import type { TestStudio } from './open-test-studio.ts';

/** A ComfyUI of its own, connected and agreed to, for the length of a test. */
export async function connectComfyui({ client }: TestStudio, id: string, more: object = {}): Promise<ComfyuiServer> {
  const server = new ComfyuiServer();
  const address = await serveHttp(server.listener, server.upgrade);
  const { consent } = await client.connections.add(
    connectionSchema.parse({ id, kind: 'comfyui', address, model: 'small.safetensors', ...more }),
  );
  await client.network.allow(consent);
  return server;
}

/** Texts as rows, drawn small and quickly. */
export function orderOf(texts: readonly string[], more: Partial<z.input<typeof transferOrderSchema>>): TransferOrder {
  return transferOrderSchema.parse({
    name: 'A comparison',
    rows: texts.map((text, index) => ({ name: `text ${index + 1}`, prompt: { type: 'text', text } })),
    tools: [],
    settings: { seed: 7, steps: 1 },
    ...more,
  });
}

/** The transfer once it is as asked; every change of it is looked at. */
export async function waitForTransfer(
  { client }: TestStudio,
  transferId: string,
  fits: (transfer: Transfer) => boolean,
): Promise<Transfer> {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const events = await client.studio.events(undefined, { signal: stop.signal });
  try {
    for (let event = await events.next(); event.done !== true; event = await events.next()) {
      const isAbout = event.value.type === 'hello' || event.value.type === 'transfer-changed';
      if (!isAbout) continue;
      const transfer = await client.transfers.get({ transferId });
      if (fits(transfer)) return transfer;
    }
  } finally {
    stop.abort();
  }
  throw new Error('the stream of events ended');
}

export const isAtRest = ({ counts }: Transfer): boolean => counts.queued + counts.running === 0;

/** All drawn, and each compared or known why not. */
export const isCompared = (transfer: Transfer): boolean =>
  isAtRest(transfer) && transfer.cells.every(({ state, score, error }) => state !== 'done' || score !== null || error !== null);
