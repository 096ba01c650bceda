import { openOnnxSession } from '../../../../main/tensor/onnx-session.ts';
import type { Tensor } from '../../../../main/tensor/tensor.ts';

/** Numbers for every input of the graph, and what it makes of them here. */
export async function makeFeeds(file: string): Promise<{ feeds: Record<string, Tensor>; expected: Record<string, Tensor> }> {
  const session = await openOnnxSession(file, { device: 'cpu', threads: 1 });
  const feeds = Object.fromEntries(
    session.inputs.map(({ name, dtype, shape }): [string, Tensor] => {
      const sizes = shape.map((size) => (typeof size === 'number' ? size : 2));
      const count = sizes.reduce((product, size) => product * size, 1);
      const numbers = Array.from({ length: count }, (_, index) => index - 1);
      const isFraction = dtype === 'float32' || dtype === 'float16';
      return isFraction
        ? [name, { dtype: 'float32', shape: sizes, data: Float32Array.from(numbers, (one) => one / 3) }]
        : [name, { dtype: 'int64', shape: sizes, data: BigInt64Array.from(numbers, BigInt) }];
    }),
  );
  const expected = await session.run(feeds);
  await session.release();
  return { feeds, expected };
}
