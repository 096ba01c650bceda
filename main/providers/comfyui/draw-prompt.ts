import type { ApiGraph } from '../../metadata/compose-graph.ts';
import type { LiveSocket } from '../../network/open-socket.ts';
import { runQueued } from '../run-queued.ts';
import type { QueuedHooks, QueuedTimes, QueuedTool, ToolLine } from '../run-queued.ts';
import type { ToolRequest } from '../tool-place.ts';
import type { HistoryEntry, StoredPicture } from './comfyui-answers.ts';
import type { ComfyuiClient } from './comfyui-client.ts';
import { readComfyuiMessage } from './comfyui-messages.ts';
import { readEnding } from './read-ending.ts';

/** A prompt to be drawn once, whatever happens on the way. */
export interface PromptOrder {
  /** Ids to ask for it by: the first, and those after it where what the ids before stand for came to a bad end. */
  readonly idOf: (attempt: number) => string;
  readonly graph: ApiGraph;
  /** The nodes that make the picture: where they were not run, the server had drawn it before. */
  readonly samplers: readonly string[];
  readonly sends: NonNullable<ToolRequest['sends']>;
}

export interface DrawnPrompt {
  readonly promptId: string;
  readonly picture: StoredPicture;
  /** The server had drawn the very same before, and gave that. */
  readonly cached: boolean;
  /** It was asked for by an earlier start of the same work, and not again. */
  readonly takenUp: boolean;
}

const toLine = (socket: LiveSocket): ToolLine => ({
  next: async () => {
    const message = await socket.next();
    return message === null ? 'gone' : (readComfyuiMessage(message) ?? 'nothing');
  },
  close: () => socket.close(),
});

/** ComfyUI's queue and history, for one prompt. */
function queueOf(client: ComfyuiClient, { graph, sends }: PromptOrder): QueuedTool<HistoryEntry> {
  return {
    place: client.place,
    find: (id, signal) => client.find(id, signal),
    submit: (id, signal) => client.submit(id, graph, sends, signal),
    stop: (id, signal) => client.stop(id, signal),
    listen: async (id, signal) => toLine(await client.listen(id, signal)),
  };
}

/**
 * Has a prompt drawn once, as runQueued does.
 *
 * @throws StudioError `tool-refused`, `tool-failed`, `answer-unreadable`; as `Network.ask` does; the signal's reason when cancelled
 */
export async function drawPrompt(
  client: ComfyuiClient,
  order: PromptOrder,
  hooks: QueuedHooks,
  times?: QueuedTimes,
): Promise<DrawnPrompt> {
  const { id, entry, takenUp } = await runQueued(queueOf(client, order), order.idOf, hooks, times);
  return { promptId: id, ...readEnding(client.place, entry, order.samplers), takenUp };
}
