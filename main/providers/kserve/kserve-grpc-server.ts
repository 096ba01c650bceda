import type { ClusterConnection } from '../../../contract/outside/connection.ts';
import { untilAborted } from '../../engine/active-call.ts';
import type { CallAnswer } from '../../network/grpc-lines.ts';
import type { Network, PlaceCall } from '../../network/network.ts';
import { KeptSuccess } from '../../running/kept-success.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { quoteTool } from '../tool-place.ts';
import { decodeInfer, decodeModel, decodeServer, encodeInfer, encodeModelAsked, methodOf } from './grpc-messages.ts';
import { asDeclared, explainRefusal, mostAnswerBytes, requireSpecs, unreadable } from './model-server.ts';
import type { ModelServer, ServedGraph, ServerFacts } from './model-server.ts';

/** What the statuses of gRPC are in HTTP (googleapis/googleapis: google/rpc/code.proto); the others are faults of the server. */
const httpStatusOf: Readonly<Record<number, number>> = {
  3: 400,
  5: 404,
  7: 403,
  8: 429,
  9: 400,
  11: 400,
  12: 404,
  14: 503,
  16: 401,
};

/** One server of a connection, asked by KServe's protocol, version 2, over gRPC. */
export class KserveGrpcServer implements ModelServer {
  readonly address: string;
  readonly #network: Network;
  readonly #connection: ClusterConnection;
  readonly #facts = new KeptSuccess(() => this.#readFacts());

  constructor(network: Network, connection: ClusterConnection, address: string) {
    this.#network = network;
    this.#connection = connection;
    this.address = new URL(address).origin;
  }

  forget(): void {
    void this.#facts.take();
  }

  facts(signal: AbortSignal): Promise<ServerFacts> {
    // The first caller's cancel is not the others': the question ends by the patience of the connection.
    return untilAborted(this.#facts.get(), signal);
  }

  async describe(graph: string, signal: AbortSignal): Promise<ServedGraph> {
    const message = await this.#call({ path: methodOf.model, message: encodeModelAsked(graph), signal }, graph);
    const model = decodeModel(message);
    if (model === null) throw unreadable(this.#host);
    return requireSpecs(this.#host, graph, model.inputs, model.outputs);
  }

  async run(graph: ServedGraph, feeds: Readonly<Record<string, Tensor>>, signal: AbortSignal): Promise<Record<string, Tensor>> {
    const given = graph.inputs.flatMap((spec) => {
      const tensor = feeds[spec.name];
      return tensor === undefined ? [] : [{ spec, tensor }];
    });
    const outputs = graph.outputs.map(({ name }) => name);
    const order = {
      path: methodOf.infer,
      message: encodeInfer(graph.name, given, outputs),
      sends: ['picture', 'text', 'settings'],
      maxBytes: mostAnswerBytes,
      signal,
    } as const;
    const tensors = decodeInfer(await this.#call(order, graph.name));
    if (tensors === null) throw unreadable(this.#host);
    return asDeclared(graph, tensors);
  }

  get #host(): string {
    return new URL(this.address).host;
  }

  async #readFacts(): Promise<ServerFacts> {
    const facts = decodeServer(await this.#call({ path: methodOf.server, message: Buffer.of() }, null));
    if (facts === null) throw unreadable(this.#host);
    return { program: quoteTool(`${facts.name} ${facts.version}`), binary: true };
  }

  /** @throws StudioError for every answer but a message that is well */
  async #call(
    {
      path,
      sends = [],
      ...order
    }: Omit<PlaceCall, 'address' | 'purpose' | 'sends' | 'key' | 'limits'> & {
      readonly path: string;
      readonly sends?: PlaceCall['sends'];
    },
    graph: string | null,
  ): Promise<Uint8Array> {
    const { secret, patienceSeconds } = this.#connection;
    const patienceMs = patienceSeconds * 1000;
    const answer = await this.#network.call({
      ...order,
      address: `${this.address}${path}`,
      sends,
      purpose: 'remote-model',
      limits: { connectMs: patienceMs, firstByteMs: patienceMs },
      ...(secret === null ? {} : { key: { secret, header: 'authorization', before: 'Bearer ' } }),
    });
    if (answer.status !== 0) throw this.#refusal(answer, graph);
    if (answer.message === null) throw unreadable(this.#host);
    return answer.message;
  }

  #refusal({ status, said }: CallAnswer, graph: string | null): Error {
    return explainRefusal({
      host: this.#host,
      connection: this.#connection,
      status: httpStatusOf[status] ?? 500,
      said: quoteTool(this.#network.secrets.redact(said)),
      graph,
      retryAfterSeconds: null,
    });
  }
}
