import { fileURLToPath } from 'node:url';
import { loadPackageDefinition, Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { Metadata, sendUnaryData, ServerUnaryCall, ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { datatypeOf, describeGraph, openGraph, toTensor } from './kserve-server.ts';
import type { Datatype } from './kserve-server.ts';

/**
 * What becomes of a call to run: `silent` is never answered, `malformed` names more tensors than it brings, `short` brings fewer bytes than
 * it says, `busy`, `error` and `refuse` are statuses.
 */
export type GrpcFault = 'silent' | 'malformed' | 'short' | 'busy' | 'error' | 'refuse';

export interface KserveGrpcServerOptions {
  /** Files of graphs by the names they are served under. */
  readonly graphs: Readonly<Record<string, string>>;
  readonly faultOf?: (count: number) => GrpcFault | null;
  /** How long a run takes besides, in milliseconds. */
  readonly delayMs?: number;
  /** Answers with numbers in the message instead of raw bytes, where the type has such a form. */
  readonly plain?: boolean;
  /** The key it wants. */
  readonly key?: string;
}

interface Asked {
  readonly model_name: string;
  readonly inputs: readonly { readonly name: string; readonly datatype: Datatype; readonly shape: readonly number[] }[];
  readonly raw_input_contents: readonly Buffer[];
}

const file = fileURLToPath(new URL('../fixtures/kserve/inference.proto', import.meta.url));
const definition = loadSync(file, { keepCase: true, longs: Number, defaults: true });
const faultStatus = { busy: status.RESOURCE_EXHAUSTED, error: status.INTERNAL, refuse: status.INVALID_ARGUMENT };
const plainFields = { FP32: 'fp32_contents', INT32: 'int_contents', INT64: 'int64_contents' } as const;

class Refused extends Error {
  readonly code: status;

  constructor(code: status, words: string) {
    super(words);
    this.code = code;
  }
}

/** A gRPC server of KServe's protocol, version 2, by gRPC's own library, that runs real graphs. Its faults are the test's. */
export class KserveGrpcServer {
  readonly #options: KserveGrpcServerOptions;
  #server: Server | null = null;
  #port = 0;
  /** Calls to run, those that failed included. */
  runs = 0;
  /** Where the connections of its calls came from. */
  readonly peers = new Set<string>();

  constructor(options: KserveGrpcServerOptions) {
    this.#options = options;
  }

  get address(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** At the port it had before, if it had one. */
  async start(): Promise<this> {
    const { inference } = loadPackageDefinition(definition) as unknown as {
      readonly inference: { readonly GRPCInferenceService: ServiceClientConstructor };
    };
    const server = new Server();
    server.addService(inference.GRPCInferenceService.service, {
      ServerMetadata: this.#answer(() => ({ name: 'triton', version: '2.51.0', extensions: ['binary_tensor_data'] })),
      ModelMetadata: this.#answer<{ readonly name: string }>(async ({ name }) => describeGraph(name, await this.#open(name))),
      ModelInfer: this.#answer<Asked>((asked) => this.#run(asked)),
    });
    const credentials = ServerCredentials.createInsecure();
    this.#port = await new Promise<number>((resolve, reject) =>
      server.bindAsync(`127.0.0.1:${this.#port}`, credentials, (error, port) => (error === null ? resolve(port) : reject(error))),
    );
    this.#server = server;
    return this;
  }

  stop(): Promise<void> {
    this.#server?.forceShutdown();
    this.#server = null;
    return Promise.resolve();
  }

  #answer<Request>(work: (request: Request) => unknown) {
    return (call: ServerUnaryCall<Request, unknown>, reply: sendUnaryData<unknown>): void => {
      this.peers.add(call.getPeer());
      Promise.resolve()
        .then(() => this.#checkKey(call.metadata))
        .then(() => work(call.request))
        .then(
          (answer) => reply(null, answer),
          (error: unknown) =>
            reply({ code: error instanceof Refused ? error.code : status.INTERNAL, details: (error as Error).message }),
        );
    };
  }

  #checkKey(metadata: Metadata): void {
    const { key } = this.#options;
    const [shown = 'no key'] = metadata.get('authorization');
    if (key !== undefined && shown !== `Bearer ${key}`)
      throw new Refused(status.UNAUTHENTICATED, `unauthorized: ${String(shown)}`);
  }

  #open(name: string) {
    const graph = this.#options.graphs[name];
    if (graph === undefined) throw new Refused(status.NOT_FOUND, `Request for unknown model: '${name}' is not found`);
    return openGraph(graph);
  }

  async #run({ model_name: name, inputs, raw_input_contents: raw }: Asked): Promise<unknown> {
    const fault = this.#options.faultOf?.(this.runs) ?? null;
    this.runs += 1;
    if (fault === 'silent') return new Promise(() => undefined);
    if (fault === 'busy' || fault === 'error' || fault === 'refuse')
      throw new Refused(faultStatus[fault], `the fault: ${fault} – 100%`);
    const session = await this.#open(name);
    const feeds = inputs.map(({ name, datatype, shape }, at) => {
      const bytes = new Uint8Array(raw[at] ?? []);
      return [name, toTensor(datatype, [...shape], bytes.buffer)] as const;
    });
    const outputs = await session.run(Object.fromEntries(feeds));
    if (this.#options.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, this.#options.delayMs));
    const told = Object.entries(outputs).map(([name, tensor]) => ({
      name,
      datatype: datatypeOf(tensor),
      shape: tensor.shape,
      ...(this.#options.plain === true
        ? {
            contents: {
              [plainFields[datatypeOf(tensor) as keyof typeof plainFields]]: Array.from(tensor.data as Float32Array, Number),
            },
          }
        : {}),
    }));
    const blobs = Object.values(outputs).map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    if (fault === 'short') blobs[0] = blobs[0]?.subarray(1) ?? Buffer.of();
    const brought = fault === 'malformed' ? blobs.slice(1) : blobs;
    return { model_name: name, id: 'studio', outputs: told, raw_output_contents: this.#options.plain === true ? [] : brought };
  }
}
