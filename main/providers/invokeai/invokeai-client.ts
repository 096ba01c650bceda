import type { z } from 'zod';
import { StudioError } from '../../../contract/errors.ts';
import { parseLooseJson } from '../../metadata/parse-loose-json.ts';
import type { Standing, ToolLine } from '../run-queued.ts';
import { mostPictureBytes, quoteTool } from '../tool-place.ts';
import type { ToolPlace, ToolRequest } from '../tool-place.ts';
import {
  endedItemSchema,
  enqueuedSchema,
  modelsSchema,
  queueItemsSchema,
  refusedSchema,
  uploadedSchema,
  versionSchema,
} from './invokeai-answers.ts';
import type { InvokeaiModel, QueueItem } from './invokeai-answers.ts';
import type { InvokeaiGraph } from './invokeai-graph.ts';
import { linePath, openInvokeaiLine } from './invokeai-line.ts';

const queue = '/api/v1/queue/default';
/** A refusal lists every node there is; what matters stands at its begin. */
const mostReasons = 3;

function explainRefusal(text: string): string {
  const parsed = refusedSchema.safeParse(parseLooseJson(text));
  if (!parsed.success) return text.includes('<') ? '' : text;
  const { detail } = parsed.data;
  if (typeof detail === 'string') return detail;
  return detail
    .slice(0, mostReasons)
    .map(({ loc, msg }) => `${loc.slice(-2).join('.')}: ${msg}`)
    .join('; ');
}

/** InvokeAI's server as it is spoken to: one request a method. What we ask for is found again by its destination, which we name. */
export class InvokeaiClient {
  readonly place: ToolPlace;

  constructor(place: ToolPlace) {
    this.place = place;
  }

  async readModels(signal: AbortSignal): Promise<readonly InvokeaiModel[]> {
    const { models } = await this.#read(
      { path: '/api/v2/models/?model_type=main', signal, maxBytes: 64 * 1_048_576 },
      modelsSchema,
    );
    return models.filter(({ type }) => type === 'main');
  }

  async readVersion(signal: AbortSignal): Promise<string> {
    return (await this.#read({ path: '/api/v1/app/version', signal }, versionSchema)).version;
  }

  async find(destination: string, signal: AbortSignal): Promise<Standing<QueueItem>> {
    const item = await this.#findItem(destination, signal);
    switch (item?.status) {
      case undefined:
        return null;
      case 'pending':
      case 'waiting':
        return { type: 'waiting', ahead: null };
      case 'in_progress':
        return { type: 'running' };
      case 'completed':
        return { type: 'ended', entry: item, hasFailed: false };
      case 'failed':
      case 'canceled':
        return { type: 'ended', entry: item, hasFailed: true };
    }
  }

  /** @returns the same id: it is the destination */
  async submit(
    destination: string,
    graph: InvokeaiGraph,
    sends: NonNullable<ToolRequest['sends']>,
    signal: AbortSignal,
  ): Promise<string> {
    const value = { prepend: false, batch: { graph, runs: 1, origin: 'dediffusion', destination } };
    const request = { path: `${queue}/enqueue_batch`, method: 'POST' as const, body: { type: 'json' as const, value }, sends };
    const { enqueued } = await this.#read({ ...request, signal }, enqueuedSchema);
    if (enqueued > 0) return destination;
    const { host } = this.place;
    throw new StudioError('tool-limited', `The queue of ${host} is full.`, 'Wait until it has drawn some, then draw again.', {
      host,
    });
  }

  /** Takes a drawing out of the queue, or stops it. */
  async stop(destination: string, signal: AbortSignal): Promise<void> {
    const item = await this.#findItem(destination, signal);
    if (item === null || !['pending', 'waiting', 'in_progress'].includes(item.status)) return;
    const answer = await this.place.ask({ path: `${queue}/i/${item.item_id}/cancel`, method: 'PUT', signal });
    answer.close();
  }

  async listen(signal: AbortSignal): Promise<ToolLine> {
    return openInvokeaiLine(await this.place.listen(linePath, signal));
  }

  /**
   * The name of the picture that came of a drawing.
   * @throws StudioError `tool-failed`
   */
  async readEnding(
    { item_id: itemId, status, error_type: type, error_message: message }: QueueItem,
    signal: AbortSignal,
  ): Promise<string> {
    const { host } = this.place;
    if (status === 'canceled') {
      throw new StudioError('tool-failed', `The drawing was stopped at ${host}.`, 'Draw it again.', { host });
    }
    const said = quoteTool(message ?? type ?? '');
    if (status === 'failed') {
      const isMemory = /out of memory|OutOfMemory/iu.test(`${type ?? ''} ${said}`);
      const hint = isMemory
        ? 'Draw smaller, or close what else uses its memory.'
        : 'Look at the window of that program; then draw again, with another model for one.';
      throw new StudioError('tool-failed', `${host} failed.${said === '' ? '' : ` It says: ${said}`}`, hint, { host, said });
    }
    const { session } = await this.#read({ path: `${queue}/i/${itemId}`, signal, maxBytes: 64 * 1_048_576 }, endedItemSchema);
    const names = Object.values(session.results).flatMap(({ image }) => (image === undefined ? [] : [image.image_name]));
    const name = names.at(-1);
    if (name !== undefined) return name;
    const hint = 'Look at the window of that program, then draw again.';
    throw new StudioError('tool-failed', `${host} came to an end without a picture.`, hint, { host });
  }

  /** @returns the picture's name as graphs take it */
  async upload(png: Uint8Array, name: string, signal: AbortSignal): Promise<string> {
    const form = new FormData();
    form.set('file', new Blob([Uint8Array.from(png)], { type: 'image/png' }), name);
    const path = '/api/v1/images/upload?image_category=user&is_intermediate=true';
    const request = { path, method: 'POST' as const, body: { type: 'multipart' as const, form }, sends: ['picture'] as const };
    return (await this.#read({ ...request, signal }, uploadedSchema)).image_name;
  }

  async view(name: string, signal: AbortSignal): Promise<Uint8Array> {
    const answer = await this.place.ask({
      ...{ path: `/api/v1/images/i/${encodeURIComponent(name)}/full`, maxBytes: mostPictureBytes, signal },
    });
    const bytes = await answer.bytes();
    if (answer.status !== 200) throw this.place.refusal(answer.status, '');
    return bytes;
  }

  /** The newest: one that was stopped is not in the way of the next, which has another destination. */
  async #findItem(destination: string, signal: AbortSignal): Promise<QueueItem | null> {
    const path = `${queue}/list_all?destination=${encodeURIComponent(destination)}`;
    const items = await this.#read({ path, signal, maxBytes: 64 * 1_048_576 }, queueItemsSchema);
    return items.reduce<QueueItem | null>(
      (newest, one) => (newest === null || one.item_id > newest.item_id ? one : newest),
      null,
    );
  }

  #read<Value>(request: ToolRequest, schema: z.ZodType<Value>): Promise<Value> {
    return this.place.read(request, schema, explainRefusal);
  }
}
