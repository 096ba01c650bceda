import { StudioError } from '../../../contract/errors.ts';
import type { ClusterConnection } from '../../../contract/outside/connection.ts';
import type { TensorSpec } from '../../tensor/session.ts';
import type { Tensor } from '../../tensor/tensor.ts';

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

/** One server of a connection that runs graphs by KServe's protocol, version 2, over HTTP or over gRPC. */
export interface ModelServer {
  readonly address: string;
  /** What the server is may change with its next start: it is asked again. */
  forget(): void;
  /** @throws StudioError as `GraphRunner` says */
  facts(signal: AbortSignal): Promise<ServerFacts>;
  /** @throws StudioError `tool-refused` where the server does not have it, or says nothing of what it takes; as `GraphRunner` says */
  describe(graph: string, signal: AbortSignal): Promise<ServedGraph>;
  /** @throws StudioError as `GraphRunner` says */
  run(graph: ServedGraph, feeds: Readonly<Record<string, Tensor>>, signal: AbortSignal): Promise<Record<string, Tensor>>;
}

/** Most bytes of one answer: features of a large batch, or pictures as numbers. */
export const mostAnswerBytes = 1024 * 1_048_576;

export function unreadable(host: string): StudioError {
  const hint = 'Check that the address is that of a server that speaks KServe, version 2.';
  return new StudioError('answer-unreadable', `${host} answered something the studio cannot read.`, hint, { host });
}

/** @throws StudioError `tool-refused` for a graph whose inputs or outputs it does not say, or that takes what none of ours does */
export function requireSpecs(
  host: string,
  graph: string,
  inputs: readonly (TensorSpec | null)[],
  outputs: readonly (TensorSpec | null)[],
): ServedGraph {
  const isSpec = (spec: TensorSpec | null): spec is TensorSpec => spec !== null;
  if (inputs.length > 0 && outputs.length > 0 && inputs.every(isSpec) && outputs.every(isSpec))
    return { name: graph, inputs, outputs };
  const hint = 'Name its inputs and outputs where it is set up there, or export the model again and start the server with that.';
  const message = `${host} does not say what ${graph} takes and gives, or it takes what none of ours does.`;
  throw new StudioError('tool-refused', message, hint, { host, graph });
}

/** MLServer's own way of writing arrays makes a column of what the graph gives, and declares, as a row. */
export function asDeclared({ outputs }: ServedGraph, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      const declared = outputs.find((spec) => spec.name === name)?.shape.length;
      const [rows = 0, columns] = tensor.shape;
      const isColumn = declared === 1 && tensor.shape.length === 2 && columns === 1;
      return [name, isColumn ? { ...tensor, shape: [rows] } : tensor];
    }),
  );
}

/** What a server said instead of an answer. */
export interface Refusal {
  readonly host: string;
  readonly connection: Pick<ClusterConnection, 'id' | 'secret'>;
  /** Of HTTP, or the one of HTTP that means the same. */
  readonly status: number;
  /** In its own words, keys taken out. */
  readonly said: string;
  /** What was asked for; null for the server itself. */
  readonly graph: string | null;
  readonly retryAfterSeconds: number | null;
}

export function explainRefusal({ host, connection, status, said, graph, retryAfterSeconds }: Refusal): StudioError {
  const details = { host, connection: connection.id, status, said, ...(graph === null ? {} : { graph }) };
  const words = said === '' ? '' : ` It says: ${said}`;
  if (status === 401 || status === 403) {
    const what = connection.secret === null ? 'wants a key' : 'does not accept the key';
    return new StudioError('tool-refused', `${host} ${what}.${words}`, 'Check the key of this connection.', details);
  }
  if (status === 429 || status === 503) {
    const told = retryAfterSeconds === null ? details : { ...details, retryAfterSeconds };
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
