import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { openOnnxSession } from '../../main/tensor/onnx-session.ts';
import type { Session, TensorSpec } from '../../main/tensor/session.ts';
import type { Tensor } from '../../main/tensor/tensor.ts';

/**
 * What becomes of a request to run: `drop` ends the connection, `half` in the middle of the answer, `silent` never answers, `malformed` is
 * no answer of the protocol, `short` has fewer bytes than it says, `busy` is 429, `error` is MLServer's bare 500, `refuse` Triton's 400.
 */
export type KserveFault = 'drop' | 'half' | 'silent' | 'malformed' | 'short' | 'busy' | 'error' | 'refuse';

export interface KserveServerOptions {
  /** Files of graphs by the names they are served under. */
  readonly graphs: Readonly<Record<string, string>>;
  /** As Triton 2.51 answers; otherwise as MLServer 1.7 does: JSON alone. */
  readonly binary: boolean;
  /** What becomes of run number `count`, from 0; null: it is done. */
  readonly faultOf?: (count: number) => KserveFault | null;
  /** How long a run takes besides, in milliseconds. */
  readonly delayMs?: number;
  /** Runs each graph once for each shape, and answers the same ever after: its time is then its delay alone. */
  readonly repeats?: boolean;
  /** Runs at the same time; more wait. Default: as many as come. */
  readonly runsAtOnce?: number;
  /** The key it wants. */
  readonly key?: string;
}

const runSchema = z.object({
  id: z.string(),
  inputs: z.array(
    z.object({
      name: z.string(),
      shape: z.array(z.number()),
      datatype: z.enum(['FP32', 'FP16', 'INT32', 'INT64']),
      parameters: z.object({ binary_data_size: z.number() }).optional(),
      data: z.array(z.number()).optional(),
    }),
  ),
  outputs: z.array(z.object({ name: z.string() })),
});
export type Datatype = 'FP32' | 'FP16' | 'INT32' | 'INT64' | 'BOOL';

const datatypes: Readonly<Record<TensorSpec['dtype'], Datatype>> = {
  float32: 'FP32',
  float16: 'FP16',
  int32: 'INT32',
  int64: 'INT64',
  bool: 'BOOL',
};
const sessions = new Map<string, Promise<Session>>();

/** A server that speaks KServe's protocol, version 2, as recorded from real ones, and runs real graphs. Its faults are the test's. */
export class KserveServer {
  readonly #options: KserveServerOptions;
  #server: Server | null = null;
  #port = 0;
  #running = 0;
  #waiting: (() => void)[] = [];
  /** Requests to run, those that failed included. */
  runs = 0;
  /** Those among them whose tensors came as bytes behind the JSON. */
  runsWithBytes = 0;
  /** Runs that were answered whole. */
  done = 0;
  /** Most runs that were under way at the same time. */
  mostAtOnce = 0;
  #atOnce = 0;
  readonly #answers = new Map<string, Promise<Record<string, Tensor>>>();

  constructor(options: KserveServerOptions) {
    this.#options = options;
  }

  get address(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** At the port it had before, if it had one. */
  async start(): Promise<this> {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(400, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: String(error) }));
      });
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const { binary, key } = this.#options;
    if (key !== undefined && request.headers.authorization !== `Bearer ${key}`) {
      sendJson(response, 401, { error: `unauthorized: ${request.headers.authorization ?? 'no key'}` });
      return;
    }
    if (request.url === '/v2') {
      const [name, version] = binary ? ['triton', '2.51.0'] : ['mlserver', '1.7.1'];
      sendJson(response, 200, { name, version, extensions: binary ? ['model_configuration', 'binary_tensor_data'] : [] });
      return;
    }
    const [, graph = '', way] = /^\/v2\/models\/([^/]+)(\/infer)?$/.exec(request.url ?? '') ?? [];
    const file = this.#options.graphs[decodeURIComponent(graph)];
    if (file === undefined) {
      sendJson(response, 404, { error: `Request for unknown model: '${graph}' is not found` });
      return;
    }
    const session = await openGraph(file);
    if (way === undefined) sendJson(response, 200, describeGraph(graph, session));
    else await this.#run(session, request, body, response);
  }

  async #run(session: Session, request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const fault = this.#options.faultOf?.(this.runs) ?? null;
    this.runs += 1;
    if (request.headers['inference-header-content-length'] !== undefined) this.runsWithBytes += 1;
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    response.on('close', () => (this.#atOnce -= 1));
    if (fault === 'silent') return;
    if (fault === 'drop') {
      request.socket.destroy();
      return;
    }
    if (fault === 'busy') response.setHeader('retry-after', '0.05');
    if (fault === 'busy') {
      sendJson(response, 429, { error: 'Exceeds maximum queue size' });
      return;
    }
    if (fault === 'error') return void response.writeHead(500, { 'content-type': 'text/plain' }).end('Internal Server Error');
    if (fault === 'refuse') {
      sendJson(response, 400, { error: "unexpected shape for input 'x'" });
      return;
    }
    if (fault === 'malformed') return void response.writeHead(200).end('{"outputs":[{"name":1');
    const outputs = await this.#inTurn(async () => {
      if (this.#options.delayMs !== undefined) await wait(this.#options.delayMs);
      return this.#runOrRepeat(session, readFeeds(request, body));
    });
    const answer = this.#options.binary ? binaryAnswer(outputs) : jsonAnswer(outputs);
    if (fault === 'half') {
      response.writeHead(200, { ...answer.headers, 'content-length': answer.body.byteLength });
      response.write(answer.body.subarray(0, answer.body.byteLength / 2), () => request.socket.destroy());
      return;
    }
    this.done += 1;
    response.writeHead(200, answer.headers).end(fault === 'short' ? answer.body.subarray(0, -4) : answer.body);
  }

  #runOrRepeat(session: Session, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
    if (this.#options.repeats !== true) return session.run(feeds);
    const key = `${session.name} ${Object.values(feeds)
      .map(({ shape }) => shape.join('×'))
      .join(' ')}`;
    const known = this.#answers.get(key) ?? session.run(feeds);
    this.#answers.set(key, known);
    return known;
  }

  async #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const most = this.#options.runsAtOnce ?? Number.POSITIVE_INFINITY;
    while (this.#running >= most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }
}

export function openGraph(file: string): Promise<Session> {
  const known = sessions.get(file) ?? openOnnxSession(file, { device: 'cpu', threads: 1 });
  sessions.set(file, known);
  return known;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

export function describeGraph(name: string, session: Session) {
  const tell = (spec: TensorSpec) => ({
    name: spec.name,
    datatype: datatypes[spec.dtype],
    shape: spec.shape.map((size) => (typeof size === 'number' && size > 0 ? size : -1)),
  });
  return {
    name,
    versions: ['1'],
    platform: 'onnxruntime_onnx',
    inputs: session.inputs.map(tell),
    outputs: session.outputs.map(tell),
  };
}

function readFeeds(request: IncomingMessage, body: Buffer): Record<string, Tensor> {
  const header = request.headers['inference-header-content-length'];
  const end = header === undefined ? body.byteLength : Number(header);
  let offset = end;
  const feeds: Record<string, Tensor> = {};
  for (const { name, shape, datatype, parameters, data } of runSchema.parse(JSON.parse(body.toString('utf8', 0, end))).inputs) {
    const bytes = Uint8Array.from(body.subarray(offset, offset + (parameters?.binary_data_size ?? 0)));
    offset += bytes.byteLength;
    feeds[name] = toTensor(datatype, shape, parameters === undefined ? (data ?? []) : bytes.buffer);
  }
  return feeds;
}

export function toTensor(datatype: Datatype, shape: number[], given: ArrayBuffer | number[]): Tensor {
  if (datatype === 'INT64') {
    const data = Array.isArray(given) ? BigInt64Array.from(given, BigInt) : new BigInt64Array(given);
    return { dtype: 'int64', shape, data };
  }
  if (datatype === 'INT32')
    return { dtype: 'int32', shape, data: Array.isArray(given) ? Int32Array.from(given) : new Int32Array(given) };
  const half = datatype === 'FP16' && !Array.isArray(given) ? new Float32Array(new Float16Array(given)) : null;
  const data = half ?? (Array.isArray(given) ? Float32Array.from(given) : new Float32Array(given));
  return { dtype: 'float32', shape, data };
}

export const datatypeOf = ({ dtype }: Tensor): Datatype => datatypes[dtype];

function jsonAnswer(outputs: Record<string, Tensor>) {
  const told = Object.entries(outputs).map(([name, tensor]) => ({
    name,
    // Its codec makes a column of a row.
    shape: tensor.shape.length === 1 ? [...tensor.shape, 1] : tensor.shape,
    datatype: datatypeOf(tensor),
    parameters: { content_type: 'np' },
    data: Array.from(tensor.data as ArrayLike<number | bigint>, Number),
  }));
  const body = Buffer.from(JSON.stringify({ model_name: 'm', id: 'studio', parameters: {}, outputs: told }));
  return { headers: { 'content-type': 'application/json' } as Record<string, string>, body };
}

function binaryAnswer(outputs: Record<string, Tensor>) {
  const blobs = Object.values(outputs).map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  const told = Object.entries(outputs).map(([name, tensor]) => ({
    name,
    datatype: datatypeOf(tensor),
    shape: tensor.shape,
    parameters: { binary_data_size: tensor.data.byteLength },
  }));
  const json = Buffer.from(JSON.stringify({ model_name: 'm', model_version: '1', outputs: told }));
  const headers: Record<string, string> = {
    'content-type': 'application/octet-stream',
    'inference-header-content-length': String(json.byteLength),
  };
  return { headers, body: Buffer.concat([json, ...blobs]) };
}
