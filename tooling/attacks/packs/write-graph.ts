/** A value of a graph of constants. NaN, infinities and any shape are welcome: such graphs are written to be refused. */
export interface ConstantOutput {
  readonly name: string;
  readonly dtype: 'float32' | 'int64';
  readonly shape: readonly number[];
  /** Repeated to fill the shape. */
  readonly values: readonly number[];
  /** Divides it by this. The runtime divides as the processor does: the least whole number by −1 ends the process. */
  readonly dividedBy?: number;
}

export interface GraphInput {
  readonly name: string;
  readonly dtype: 'float32' | 'int64';
  /** A text names an axis of any size. */
  readonly shape: readonly (number | string)[];
}

/** Numbers of onnx.proto's TensorProto.DataType. */
const dataTypes = { float32: 1, int64: 7 };

/** The bytes of an ONNX graph that takes what it is given and answers with constants. */
export function writeGraph(inputs: readonly GraphInput[], outputs: readonly ConstantOutput[]): Buffer {
  return writeModel(outputs.flatMap(writeNodes), inputs, outputs);
}

/** A graph of nodes that `writeNode` and `writeConstant` made, in the order in which they run. */
export function writeModel(nodes: readonly Buffer[], inputs: readonly GraphInput[], outputs: readonly GraphInput[]): Buffer {
  const graph = Buffer.concat([
    ...nodes.map((node) => field(1, node)),
    field(2, Buffer.from('graph')),
    ...inputs.map((input) => field(11, writeValue(input))),
    ...outputs.map((output) => field(12, writeValue(output))),
  ]);
  const opset = Buffer.concat([field(1, Buffer.alloc(0)), varintField(2, 17)]);
  return Buffer.concat([varintField(1, 8), field(7, graph), field(8, opset)]);
}

function writeNodes(output: ConstantOutput): Buffer[] {
  const { name, dividedBy } = output;
  if (dividedBy === undefined) return [writeConstant(output)];
  const [above, below] = [`${name}_above`, `${name}_below`];
  const divide = writeNode('Div', [above, below], name);
  return [writeConstant({ ...output, name: above }), writeConstant({ ...output, name: below, values: [dividedBy] }), divide];
}

/** NodeProto with one output; its attributes are lists of whole numbers, by their names. */
export function writeNode(
  kind: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, readonly number[]>> = {},
): Buffer {
  // AttributeProto: name, the numbers, and its type INTS.
  const written = Object.entries(attributes).map(([name, numbers]) =>
    Buffer.concat([field(1, Buffer.from(name)), ...numbers.map((number) => varintField(8, number)), varintField(20, 7)]),
  );
  return Buffer.concat([
    ...inputs.map((input) => field(1, Buffer.from(input))),
    field(2, Buffer.from(output)),
    field(4, Buffer.from(kind)),
    ...written.map((attribute) => field(5, attribute)),
  ]);
}

/** NodeProto: one Constant whose attribute `value` is the tensor. */
export function writeConstant({ name, dtype, shape, values }: ConstantOutput): Buffer {
  const count = shape.reduce((product, size) => product * size, 1);
  const all = Array.from({ length: count }, (_, index) => values[index % values.length] ?? 0);
  const data = dtype === 'float32' ? Float32Array.from(all) : BigInt64Array.from(all, BigInt);
  const tensor = Buffer.concat([
    ...shape.map((size) => varintField(1, size)),
    varintField(2, dataTypes[dtype]),
    field(9, Buffer.from(data.buffer)),
  ]);
  // AttributeProto: name, the tensor, and its type TENSOR.
  const attribute = Buffer.concat([field(1, Buffer.from('value')), field(5, tensor), varintField(20, 4)]);
  return Buffer.concat([field(2, Buffer.from(name)), field(4, Buffer.from('Constant')), field(5, attribute)]);
}

/** ValueInfoProto of a tensor. */
function writeValue({ name, dtype, shape }: GraphInput): Buffer {
  const axes = shape.map((size) => field(1, typeof size === 'number' ? varintField(1, size) : field(2, Buffer.from(size))));
  const tensorType = Buffer.concat([varintField(1, dataTypes[dtype]), field(2, Buffer.concat(axes))]);
  return Buffer.concat([field(1, Buffer.from(name)), field(2, field(1, tensorType))]);
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

function varintField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}
