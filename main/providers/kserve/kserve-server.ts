import { z } from 'zod';
import type { ClusterConnection } from '../../../contract/outside/connection.ts';
import { StudioError } from '../../../contract/errors.ts';
import { untilAborted } from '../../engine/active-call.ts';
import type { Answer } from '../../network/answer.ts';
import type { Network, PlaceRequest } from '../../network/network.ts';
import type { TensorSpec } from '../../tensor/session.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { quoteTool } from '../tool-place.ts';
import { decodeRun, encodeRun, jsonLengthHeader, modelMetadataSchema, toTensorSpec } from './kserve-tensors.ts';

/** Most bytes of one answer: features of a large batch, or pictures as numbers. */
const mostAnswerBytes = 1024 * 1_048_576;

const factsSchema = z.object({
  name: z.string().default(''),
  version: z.string().nullish(),
  extensions: z.array(z.string()).nullish(),
});

/** What a server says of itself. */
export interface ServerFacts {
  readonly program: string;
  /** Whether it takes and gives tensors as bytes. */
  readonly binary: boolean;
}

/** A graph as a server has it. */
export interface ServedGraph {
  readonly name: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/** One server of a connection, asked by KServe's protocol, version 2, over HTTP. */
export class KserveServer {
  readonly address: string;
  readonly #network: Network;
  readonly #connection: ClusterConnection;
  #facts: Promise<ServerFacts> | null = null;

  constructor(network: Network, connection: ClusterConnection, address: string) {
    this.#network = network;
    this.#connection = connection;
    this.address = address.replace(/\/+$/, '');
  }

  get host(): string {
    return new URL(this.address).host;
  }

  /** What the server is may change with its next start: it is asked again. */
  forget(): void {
    this.#facts = null;
  }

  /** @throws StudioError as `GraphRunner` says */
  facts(signal: AbortSignal): Promise<ServerFacts> {
    // The first caller's cancel is not the others': the question ends by the patience of the connection.
    const asking = this.#facts ?? this.#readFacts();
    this.#facts = asking;
    asking.catch(() => {
      if (this.#facts === asking) this.#facts = null;
    });
    return untilAborted(asking, signal);
  }

  /** @throws StudioError `tool-refused` where the server does not have it, or says nothing of what it takes; as `GraphRunner` says */
  async describe(graph: string, signal: AbortSignal): Promise<ServedGraph> {
    const answer = await this.#ask({ path: `/v2/models/${encodeURIComponent(graph)}`, signal });
    const bytes = await answer.bytes();
    if (answer.status !== 200) throw this.#refusal(answer, bytes, graph);
    const metadata = modelMetadataSchema.safeParse(parseJson(bytes));
    if (!metadata.success) throw this.#unreadable();
    const inputs = metadata.data.inputs.map(toTensorSpec);
    const outputs = metadata.data.outputs.map(toTensorSpec);
    const isSpec = (spec: TensorSpec | null): spec is TensorSpec => spec !== null;
    if (inputs.length > 0 && outputs.length > 0 && inputs.every(isSpec) && outputs.every(isSpec))
      return { name: graph, inputs, outputs };
    const hint =
      'Name its inputs and outputs where it is set up there, or export the model again and start the server with that.';
    const message = `${this.host} does not say what ${graph} takes and gives, or it takes what none of ours does.`;
    throw new StudioError('tool-refused', message, hint, { host: this.host, graph });
  }

  /** @throws StudioError as `GraphRunner` says */
  async run(graph: ServedGraph, feeds: Readonly<Record<string, Tensor>>, signal: AbortSignal): Promise<Record<string, Tensor>> {
    const { binary } = await this.facts(signal);
    const given = graph.inputs.flatMap((spec) => {
      const tensor = feeds[spec.name];
      return tensor === undefined ? [] : [{ spec, tensor }];
    });
    const outputs = graph.outputs.map(({ name }) => name);
    const { bytes, mediaType, headers } = encodeRun(given, outputs, { id: 'studio', binary });
    const answer = await this.#ask({
      path: `/v2/models/${encodeURIComponent(graph.name)}/infer`,
      method: 'POST',
      headers,
      body: { type: 'bytes', bytes, mediaType },
      sends: ['picture', 'text', 'settings'],
      maxBytes: mostAnswerBytes,
      signal,
    });
    const body = await answer.bytes();
    if (answer.status !== 200) throw this.#refusal(answer, body, graph.name);
    const length = answer.headers[jsonLengthHeader];
    const tensors = decodeRun(body, length === undefined ? null : Number(length));
    if (tensors === null) throw this.#unreadable();
    return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, asDeclared(graph, name, tensor)]));
  }

  async #readFacts(): Promise<ServerFacts> {
    const answer = await this.#ask({ path: '/v2' });
    const bytes = await answer.bytes();
    if (answer.status !== 200) throw this.#refusal(answer, bytes, null);
    const facts = factsSchema.safeParse(parseJson(bytes));
    if (!facts.success) throw this.#unreadable();
    const { name, version, extensions } = facts.data;
    return {
      program: quoteTool(`${name} ${version ?? ''}`),
      binary: extensions?.includes('binary_tensor_data') === true,
    };
  }

  #ask({
    path,
    sends = [],
    ...request
  }: Omit<PlaceRequest, 'address' | 'purpose' | 'sends' | 'key' | 'limits'> & {
    readonly path: string;
    readonly sends?: PlaceRequest['sends'];
  }): Promise<Answer> {
    const { secret, patienceSeconds } = this.#connection;
    const patienceMs = patienceSeconds * 1000;
    return this.#network.ask({
      ...request,
      address: `${this.address}${path}`,
      sends,
      purpose: 'remote-model',
      limits: { connectMs: patienceMs, firstByteMs: patienceMs, idleMs: patienceMs },
      ...(secret === null ? {} : { key: { secret, header: 'authorization', before: 'Bearer ' } }),
    });
  }

  #unreadable(): StudioError {
    const hint = 'Check that the address is that of a server that speaks KServe, version 2.';
    const message = `${this.host} answered something the studio cannot read.`;
    return new StudioError('answer-unreadable', message, hint, { host: this.host });
  }

  /** What a server said instead of an answer, in its own words. A key that it says back is taken out. */
  #refusal({ status, headers }: Answer, body: Uint8Array, graph: string | null): StudioError {
    const said = quoteTool(this.#network.secrets.redact(readError(body)));
    const { host } = this;
    const details = { host, connection: this.#connection.id, status, said, ...(graph === null ? {} : { graph }) };
    const words = said === '' ? '' : ` It says: ${said}`;
    if (status === 401 || status === 403) {
      const what = this.#connection.secret === null ? 'wants a key' : 'does not accept the key';
      return new StudioError('tool-refused', `${host} ${what}.${words}`, 'Check the key of this connection.', details);
    }
    if (status === 429 || status === 503) {
      const wait = Number(headers['retry-after'] ?? Number.NaN);
      const told = Number.isFinite(wait) ? { ...details, retryAfterSeconds: wait } : details;
      return new StudioError('tool-limited', `${host} takes no more requests for now.${words}`, 'Wait a while.', told);
    }
    if (status === 404 || (graph !== null && /unknown model|not found|does not exist/iu.test(said))) {
      const hint = 'Export the model with `dediffusion packs export`, and start the server with what it wrote.';
      return new StudioError('tool-refused', `${host} does not have ${graph ?? 'what was asked for'}.${words}`, hint, {
        ...details,
        isMissing: true,
      });
    }
    if (status >= 500) {
      const hint = 'Look at what that server writes about it.';
      return new StudioError('tool-failed', `${host} met an error (status ${status}).${words}`, hint, details);
    }
    const hint = 'Export the model again, and start the server with what that wrote.';
    return new StudioError('tool-refused', `${host} does not run this (status ${status}).${words}`, hint, details);
  }
}

/** MLServer's own way of writing arrays makes a column of what the graph gives, and declares, as a row. */
function asDeclared({ outputs }: ServedGraph, name: string, tensor: Tensor): Tensor {
  const declared = outputs.find((spec) => spec.name === name)?.shape.length;
  const [rows = 0, columns] = tensor.shape;
  return declared === 1 && tensor.shape.length === 2 && columns === 1 ? { ...tensor, shape: [rows] } : tensor;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    // The caller says who answered so.
    return null;
  }
}

/** KServe's `error`, MLServer's the same, FastAPI's `detail`; otherwise the text itself. */
function readError(body: Uint8Array): string {
  const known = z.object({ error: z.string().optional(), detail: z.unknown().optional() }).safeParse(parseJson(body)).data;
  const text = known?.error ?? known?.detail;
  if (text === undefined) return Buffer.from(body.subarray(0, 1000)).toString('utf8');
  return typeof text === 'string' ? text : JSON.stringify(text);
}
