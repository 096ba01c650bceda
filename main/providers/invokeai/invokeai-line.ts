import { z } from 'zod';
import { parseLooseJson } from '../../metadata/parse-loose-json.ts';
import type { LiveSocket } from '../../network/open-socket.ts';
import { readBase64Picture } from '../read-base64.ts';
import type { ToolLine, ToolMessage } from '../run-queued.ts';

/** Where the server speaks: Socket.IO, version 4 of its lower protocol. */
export const linePath = '/ws/socket.io/?EIO=4&transport=websocket';

/** Packets of Socket.IO by their first letters: those of the line itself, then those of what goes over it. */
const packets = { opened: '0', ping: '2', pong: '3', connect: '40', event: '42' } as const;
const subscribe = `${packets.event}${JSON.stringify(['subscribe_queue', { queue_id: 'default' }])}`;

const atSchema = z.looseObject({ destination: z.string() });
const eventSchema = z.union([
  z.tuple([z.literal('invocation_started'), atSchema.extend({ invocation_source_id: z.string() })]),
  z.tuple([
    z.literal('invocation_progress'),
    atSchema.extend({
      percentage: z.number().min(0).max(1).nullish().catch(null),
      image: z.looseObject({ dataURL: z.string() }).nullish().catch(null),
    }),
  ]),
  z.tuple([z.literal('queue_item_status_changed'), atSchema.extend({ status: z.string() })]),
]);
const ends: ReadonlySet<string> = new Set(['completed', 'failed', 'canceled']);

/**
 * What an event says of a drawing: none or more; how far it is comes as a share of one step. Events of others, and what cannot be read,
 * say nothing: the queue has the truth.
 */
export function readInvokeaiEvent(text: string): ToolMessage[] {
  const parsed = eventSchema.safeParse(parseLooseJson(text));
  if (!parsed.success) return [];
  const [event, data] = parsed.data;
  const { destination: id } = data;
  switch (event) {
    case 'invocation_started':
      return [{ type: 'node', id, node: data.invocation_source_id }];
    case 'invocation_progress': {
      const preview = data.image == null ? null : readBase64Picture(data.image.dataURL);
      return [
        ...(data.percentage == null ? [] : [{ type: 'step' as const, id, step: data.percentage, steps: 1 }]),
        ...(preview === null ? [] : [{ type: 'preview' as const, id, ...preview }]),
      ];
    }
    case 'queue_item_status_changed':
      return ends.has(data.status) ? [{ type: 'ended', id }] : [];
  }
}

/** Longest wait for the handshake, in milliseconds. Without it the queue is asked, which is slower and tells as much. */
const handshakeMs = 5_000;

/** Listens to the queue over a socket that was opened at `linePath`. */
export async function openInvokeaiLine(socket: LiveSocket): Promise<ToolLine> {
  const waiting: ToolMessage[] = [];
  let isSubscribed = false;
  const take = (text: string): void => {
    if (text === packets.ping) socket.send(packets.pong);
    else if (text.startsWith(packets.event)) waiting.push(...readInvokeaiEvent(text.slice(packets.event.length)));
    else if (text.startsWith(packets.connect)) {
      socket.send(subscribe);
      isSubscribed = true;
    } else if (text.startsWith(packets.opened)) socket.send(packets.connect);
  };
  /** @returns whether there was one */
  const takeNext = async (): Promise<boolean> => {
    const message = await socket.next();
    if (message?.type === 'text') take(message.text);
    return message !== null;
  };
  const late = setTimeout(() => socket.close(), handshakeMs);
  try {
    while (!isSubscribed && (await takeNext()));
  } finally {
    clearTimeout(late);
  }
  return {
    next: async () => {
      const ready = waiting.shift();
      if (ready !== undefined) return ready;
      if (!(await takeNext())) return 'gone';
      return waiting.shift() ?? 'nothing';
    },
    close: () => socket.close(),
  };
}
