import type { TensorSpec } from '../../tensor/session.ts';

/** A graph as Triton serves it. */
export interface ServedModel {
  readonly name: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/** Rows Triton joins at most. */
const mostRows = 64;
/** How long a request waits for others to be joined with, in microseconds. */
const queueDelayMicroseconds = 2_000;

const dataTypes: Readonly<Record<TensorSpec['dtype'], string>> = {
  float32: 'TYPE_FP32',
  float16: 'TYPE_FP16',
  int32: 'TYPE_INT32',
  int64: 'TYPE_INT64',
  bool: 'TYPE_BOOL',
};

/**
 * Whether requests may be joined along their first axis: it is of any size in everything the graph takes and gives. Triton takes what has
 * no other axis for one with a further axis, so a graph with such an input or output is served as it is.
 */
export function canBatch({ inputs, outputs }: Pick<ServedModel, 'inputs' | 'outputs'>): boolean {
  return [...inputs, ...outputs].every(({ shape: [rows, ...rest] }) => typeof rows === 'string' && rest.length > 0);
}

/** Text in the form of protobuf's text format. */
const quote = (text: string): string => JSON.stringify(text);

/**
 * One input or output, in the words of model_config.proto (triton-inference-server/common). A scalar is one number in a row there.
 * @param batched the first axis is Triton's own and not named
 */
function writeTensor({ name, dtype, shape }: TensorSpec, batched: boolean): string {
  const sizes = (batched ? shape.slice(1) : shape).map((size) => (typeof size === 'string' ? -1 : size));
  const dims = sizes.length === 0 ? '[ 1 ]\n    reshape { shape: [ ] }' : `[ ${sizes.join(', ')} ]`;
  return `  {\n    name: ${quote(name)}\n    data_type: ${dataTypes[dtype]}\n    dims: ${dims}\n  }`;
}

function writeTensors({ inputs, outputs }: ServedModel, batched: boolean): string {
  const list = (side: string, specs: readonly TensorSpec[]): string =>
    `${side} [\n${specs.map((spec) => writeTensor(spec, batched)).join(',\n')}\n]\n`;
  return `${list('input', inputs)}${list('output', outputs)}`;
}

const head = (name: string, kind: string, batched: boolean): string =>
  `name: ${quote(name)}\n${kind}\nmax_batch_size: ${batched ? mostRows : 0}\n`;

/** `config.pbtxt` of a graph: run by ONNX Runtime, on a graphics card where there is one, its requests joined where they can be. */
export function writeModelConfig(model: ServedModel): string {
  const batched = canBatch(model);
  const joined = batched ? `dynamic_batching { max_queue_delay_microseconds: ${queueDelayMicroseconds} }\n` : '';
  const instances = 'instance_group [\n  {\n    kind: KIND_AUTO\n    count: 1\n  }\n]\n';
  return `${head(model.name, 'backend: "onnxruntime"', batched)}${writeTensors(model, batched)}${joined}${instances}`;
}

/** One graph in an ensemble: what its inputs and outputs are called in the ensemble. */
export interface EnsembleStep {
  readonly model: ServedModel;
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

/** `config.pbtxt` of several graphs that are asked as one; `whole` names what goes in and comes out. */
export function writeEnsembleConfig(whole: ServedModel, steps: readonly EnsembleStep[]): string {
  const batched = steps.every(({ model }) => canBatch(model));
  const map = (side: string, names: Readonly<Record<string, string>>): string =>
    Object.entries(names)
      .map(([own, inEnsemble]) => `      ${side} {\n        key: ${quote(own)}\n        value: ${quote(inEnsemble)}\n      }\n`)
      .join('');
  const written = steps.map(
    ({ model, inputs, outputs }) =>
      `    {\n      model_name: ${quote(model.name)}\n      model_version: -1\n${map('input_map', inputs)}${map('output_map', outputs)}    }`,
  );
  const scheduling = `ensemble_scheduling {\n  step [\n${written.join(',\n')}\n  ]\n}\n`;
  return `${head(whole.name, 'platform: "ensemble"', batched)}${writeTensors(whole, batched)}${scheduling}`;
}
