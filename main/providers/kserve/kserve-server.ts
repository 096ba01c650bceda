import { z } from 'zod';
import type { ClusterConnection } from '../../../contract/outside/connection.ts';
import type { StudioError } from '../../../contract/errors.ts';
import { untilAborted } from '../../engine/active-call.ts';
import type { Answer } from '../../network/answer.ts';
import type { Network, PlaceRequest } from '../../network/network.ts';
import { KeptSuccess } from '../../running/kept-success.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { quoteTool } from '../tool-place.ts';
import { decodeRun, encodeRun, jsonLengthHeader, modelMetadataSchema, toTensorSpec } from './kserve-tensors.ts';
import { asDeclared, explainRefusal, mostAnswerBytes, requireSpecs, unreadable } from './model-server.ts';
import type { ModelServer, ServedGraph, ServerFacts } from './model-server.ts';

const factsSchema = z.object({
  name: z.string().default(''),
  version: z.string().nullish(),
  extensions: z.array(z.string()).nullish(),
});

/** One server of a connection, asked by KServe's protocol, version 2, over HTTP. */
export class KserveServer implements ModelServer {
  readonly address: string;
  readonly #network: Network;
  readonly #connection: ClusterConnection;
  readonly #facts = new KeptSuccess(() => this.#readFacts());

  constructor(network: Network, connection: ClusterConnection, address: string) {
    this.#network = network;
    this.#connection = connection;
    this.address = address.replace(/\/+$/, '');
  }

  get host(): string {
    return new URL(this.address).host;
  }

  forget(): void {
    void this.#facts.take();
  }

  facts(signal: AbortSignal): Promise<ServerFacts> {
    // The first caller's cancel is not the others': the question ends by the patience of the connection.
    return untilAborted(this.#facts.get(), signal);
  }

  async describe(graph: string, signal: AbortSignal): Promise<ServedGraph> {
    const answer = await this.#ask({ path: `/v2/models/${encodeURIComponent(graph)}`, signal });
    const bytes = await answer.bytes();
    if (answer.status !== 200) throw this.#refusal(answer, bytes, graph);
    const metadata = modelMetadataSchema.safeParse(parseJson(bytes));
    if (!metadata.success) throw unreadable(this.host);
    const { inputs, outputs } = metadata.data;
    return requireSpecs(this.host, graph, inputs.map(toTensorSpec), outputs.map(toTensorSpec));
  }

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
    if (tensors === null) throw unreadable(this.host);
    return asDeclared(graph, tensors);
  }

  async #readFacts(): Promise<ServerFacts> {
    const answer = await this.#ask({ path: '/v2' });
    const bytes = await answer.bytes();
    if (answer.status !== 200) throw this.#refusal(answer, bytes, null);
    const facts = factsSchema.safeParse(parseJson(bytes));
    if (!facts.success) throw unreadable(this.host);
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

  /** What a server said instead of an answer, in its own words. A key that it says back is taken out. */
  #refusal({ status, headers }: Answer, body: Uint8Array, graph: string | null): StudioError {
    const wait = Number(headers['retry-after'] ?? Number.NaN);
    return explainRefusal({
      host: this.host,
      connection: this.#connection,
      status,
      said: quoteTool(this.#network.secrets.redact(readError(body))),
      graph,
      retryAfterSeconds: Number.isFinite(wait) ? wait : null,
    });
  }
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
