import type { Tensor } from '../tensor/tensor.ts';
import type { Conditioning } from './conditioning.ts';
import type { EncodedText } from './encode-prompts.ts';
import type { DecoderFamily, TextEncoderName } from './families/decoder-family.ts';

/** What the encoders of a folder say of one text, by encoder. */
export type EncodedByEncoder = Readonly<Partial<Record<TextEncoderName, EncodedText>>>;

/**
 * Puts together what a text tells the denoiser, by the rules of its family. `textWidth` is what the denoiser's config says a token is told in; null where it
 * does not.
 */
export function assembleConditioning(
  family: Pick<DecoderFamily, 'conditions' | 'textEncoders'>,
  encoded: EncodedByEncoder,
  textWidth: number | null,
): Conditioning {
  const made: Record<string, Tensor<'float32'>> = {};
  for (const [input, rule] of Object.entries(family.conditions)) {
    if (rule.from === 'text') made[input] = joinBlocks(rule.blocks, family, encoded, textWidth);
    if (rule.from === 'pooled') made[input] = joinSideBySide(rule.encoders.flatMap((encoder) => encoded[encoder]?.pooled ?? []));
  }
  return made;
}

/** The same with every number 0: what some families are told of no text. */
export function zeroConditioning(conditioning: Conditioning): Conditioning {
  return Object.fromEntries(
    Object.entries(conditioning).map(([input, { shape, data }]) => [
      input,
      { dtype: 'float32', shape, data: new Float32Array(data.length) },
    ]),
  );
}

function joinBlocks(
  blocks: readonly (readonly TextEncoderName[])[],
  { textEncoders }: Pick<DecoderFamily, 'textEncoders'>,
  encoded: EncodedByEncoder,
  textWidth: number | null,
): Tensor<'float32'> {
  const known = blocks.map((block) => joinSideBySide(block.flatMap((encoder) => encoded[encoder]?.states ?? [])));
  const width = Math.max(textWidth ?? 0, ...known.map(({ shape }) => shape.at(-1) ?? 0));
  const rows = known.map((states, index) => {
    if (states.data.length > 0) return widen(states, width);
    const left = textEncoders.find(({ component }) => blocks[index]?.includes(component));
    return new Float32Array((left?.rowLength ?? 0) * width);
  });
  const data = new Float32Array(rows.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const block of rows) {
    data.set(block, start);
    start += block.length;
  }
  return { dtype: 'float32', shape: [1, data.length / width, width], data };
}

/** Tensors of equally many rows, [1, …, width], side by side on the last axis. */
function joinSideBySide(tensors: readonly Tensor<'float32'>[]): Tensor<'float32'> {
  const [first, ...others] = tensors;
  if (!first) return { dtype: 'float32', shape: [1, 0], data: new Float32Array(0) };
  if (others.length === 0) return first;
  const widths = tensors.map(({ shape }) => shape.at(-1) ?? 0);
  const width = widths.reduce((sum, each) => sum + each, 0);
  const rows = first.data.length / (widths[0] ?? 1);
  const data = new Float32Array(rows * width);
  let offset = 0;
  for (const [index, tensor] of tensors.entries()) {
    const own = widths[index] ?? 0;
    for (let row = 0; row < rows; row += 1) data.set(tensor.data.subarray(row * own, (row + 1) * own), row * width + offset);
    offset += own;
  }
  return { dtype: 'float32', shape: [...first.shape.slice(0, -1), width], data };
}

function widen({ shape, data }: Tensor<'float32'>, width: number): Float32Array {
  const own = shape.at(-1) ?? 0;
  if (own === width) return data;
  const rows = data.length / own;
  const wide = new Float32Array(rows * width);
  for (let row = 0; row < rows; row += 1) wide.set(data.subarray(row * own, (row + 1) * own), row * width);
  return wide;
}
