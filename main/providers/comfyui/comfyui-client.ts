import type { z } from 'zod';
import type { ApiGraph } from '../../metadata/compose-graph.ts';
import { parseLooseJson } from '../../metadata/parse-loose-json.ts';
import type { LiveSocket } from '../../network/open-socket.ts';
import type { Standing } from '../run-queued.ts';
import { mostPictureBytes } from '../tool-place.ts';
import type { ToolPlace, ToolRequest } from '../tool-place.ts';
import {
  historySchema,
  nodeInfoSchema,
  queueSchema,
  queuedSchema,
  readChoices,
  refusedSchema,
  systemSchema,
  uploadedSchema,
} from './comfyui-answers.ts';
import type { HistoryEntry, NodeInfo, StoredPicture } from './comfyui-answers.ts';
import { wantsMetadata } from './comfyui-messages.ts';

/** Of nodes that offer choices, such as every picture in a folder. */
const mostInfoBytes = 64 * 1_048_576;

export type PromptStanding = Standing<HistoryEntry>;

/** What a server offers, by its own names. */
export interface ComfyuiChoices {
  readonly models: readonly string[];
  readonly samplers: readonly string[];
  readonly schedulers: readonly string[];
}

/** The reason of each node, or of the whole, in the server's words. */
function explainRefusal(text: string): string {
  const parsed = refusedSchema.safeParse(parseLooseJson(text));
  // What is no JSON is a page, or a line of the server underneath.
  if (!parsed.success) return text.includes('<') ? '' : text;
  const { error, node_errors: nodes } = parsed.data;
  const ofNodes = Object.values(nodes).flatMap(({ class_type: node, errors }) =>
    errors.map(({ message, details }) => `${node}: ${message}${details === '' ? '' : ` (${details})`}`),
  );
  if (ofNodes.length > 0) return ofNodes.join('; ');
  return typeof error === 'string' ? error : `${error.message} ${error.details}`;
}

/** Of a queued prompt: its id, or, where the server gave it another, the client that asked. */
function isOf(queued: readonly unknown[], id: string): boolean {
  const extra = queued[3];
  const client = typeof extra === 'object' && extra !== null && 'client_id' in extra ? extra.client_id : null;
  return queued[1] === id || client === id;
}

const numberOf = (queued: readonly unknown[]): number => (typeof queued[0] === 'number' ? queued[0] : Infinity);

/** ComfyUI's server as it is spoken to: one request a method. */
export class ComfyuiClient {
  readonly place: ToolPlace;

  constructor(place: ToolPlace) {
    this.place = place;
  }

  async readChoices(signal: AbortSignal): Promise<ComfyuiChoices> {
    const [loader, sampler] = await Promise.all(
      ['CheckpointLoaderSimple', 'KSampler'].map((node) => this.#read({ path: `/object_info/${node}`, signal }, nodeInfoSchema)),
    );
    return {
      models: readChoices(loader ?? {}, 'CheckpointLoaderSimple', 'ckpt_name'),
      samplers: readChoices(sampler ?? {}, 'KSampler', 'sampler_name'),
      schedulers: readChoices(sampler ?? {}, 'KSampler', 'scheduler'),
    };
  }

  /** What the server says of such nodes; one that it does not have is left out. */
  async readNodes(kinds: readonly string[], signal: AbortSignal): Promise<NodeInfo> {
    const read = (kind: string): Promise<NodeInfo> =>
      this.#read({ path: `/object_info/${encodeURIComponent(kind)}`, signal, maxBytes: mostInfoBytes }, nodeInfoSchema);
    const infos: NodeInfo[] = [];
    // A few at a time: a server of many nodes may have a workflow of a hundred.
    for (let at = 0; at < kinds.length; at += 8) infos.push(...(await Promise.all(kinds.slice(at, at + 8).map(read))));
    return Object.assign({}, ...infos) as NodeInfo;
  }

  async readVersion(signal: AbortSignal): Promise<string> {
    return (await this.#read({ path: '/system_stats', signal }, systemSchema)).system.comfyui_version;
  }

  async find(promptId: string, signal: AbortSignal): Promise<PromptStanding> {
    const ended = await this.#findEnded(promptId, signal);
    if (ended !== null) return ended;
    const { queue_running: running, queue_pending: pending } = await this.#read({ path: '/queue', signal }, queueSchema);
    if (running.some((one) => isOf(one, promptId))) return { type: 'running' };
    const own = pending.find((one) => isOf(one, promptId));
    if (own !== undefined) {
      return { type: 'waiting', ahead: running.length + pending.filter((one) => numberOf(one) < numberOf(own)).length };
    }
    // It may have come to its end between the two questions.
    return this.#findEnded(promptId, signal);
  }

  /**
   * Queues a prompt.
   * @returns the id the server knows it by: servers before 0.3.4x give their own
   */
  async submit(
    promptId: string,
    graph: ApiGraph,
    sends: NonNullable<ToolRequest['sends']>,
    signal: AbortSignal,
  ): Promise<string> {
    const value = { prompt: graph, client_id: promptId, prompt_id: promptId };
    const request: ToolRequest = { path: '/prompt', method: 'POST', body: { type: 'json', value }, sends, signal };
    return (await this.#read(request, queuedSchema)).prompt_id;
  }

  /** Takes a prompt out of the queue, or stops it; nothing of others is touched. */
  async stop(promptId: string, signal: AbortSignal): Promise<void> {
    const standing = await this.find(promptId, signal);
    if (standing === null || standing.type === 'ended') return;
    const [path, value] =
      standing.type === 'running' ? ['/interrupt', { prompt_id: promptId }] : ['/queue', { delete: [promptId] }];
    const answer = await this.place.ask({ path, method: 'POST', body: { type: 'json', value }, signal });
    answer.close();
  }

  /** @returns the picture's name as LoadImage takes it */
  async upload(png: Uint8Array, name: string, signal: AbortSignal): Promise<string> {
    const form = new FormData();
    form.set('image', new Blob([Uint8Array.from(png)], { type: 'image/png' }), name);
    form.set('overwrite', 'true');
    const request = { path: '/upload/image', method: 'POST' as const, body: { type: 'multipart' as const, form } };
    const uploaded = await this.#read({ ...request, sends: ['picture'], signal }, uploadedSchema);
    return uploaded.subfolder === '' ? uploaded.name : `${uploaded.subfolder}/${uploaded.name}`;
  }

  async view(picture: StoredPicture, signal: AbortSignal): Promise<Uint8Array> {
    const path = `/view?${new URLSearchParams({ ...picture }).toString()}`;
    const answer = await this.place.ask({ path, maxBytes: mostPictureBytes, signal });
    const bytes = await answer.bytes();
    if (answer.status !== 200) throw this.place.refusal(answer.status, '');
    return bytes;
  }

  /** Messages about the prompts that are asked for under this id. */
  async listen(clientId: string, signal: AbortSignal): Promise<LiveSocket> {
    const socket = await this.place.listen(`/ws?clientId=${encodeURIComponent(clientId)}`, signal);
    socket.send(wantsMetadata);
    return socket;
  }

  async #findEnded(promptId: string, signal: AbortSignal): Promise<PromptStanding> {
    const history = await this.#read({ path: `/history/${encodeURIComponent(promptId)}`, signal }, historySchema);
    const entry = history[promptId];
    return entry === undefined ? null : { type: 'ended', entry, hasFailed: entry.status?.status_str === 'error' };
  }

  #read<Value>(request: ToolRequest, schema: z.ZodType<Value>): Promise<Value> {
    return this.place.read(request, schema, explainRefusal);
  }
}
