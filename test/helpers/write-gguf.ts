import { writeFileSync } from 'node:fs';
import { randomSource } from './random-source.ts';

/** Numbers of types in a GGUF file, version 3. */
const UINT32 = 4;
const INT32 = 5;
const FLOAT32 = 6;
const STRING = 8;
const ARRAY = 9;
const alignment = 32;

const [width, inner, context] = [32, 64, 2048];

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
function float32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([uint64(bytes.length), bytes]);
}
const array = (type: number, values: readonly Buffer[]): Buffer =>
  Buffer.concat([uint32(type), uint64(values.length), ...values]);
const pair = (key: string, type: number, value: Buffer): Buffer => Buffer.concat([text(key), uint32(type), value]);
const padding = (length: number): Buffer => Buffer.alloc((alignment - (length % alignment)) % alignment);

/** Unknown, begin, end, every byte, and the small letters. Types: 2 unknown, 3 control, 6 byte, 1 word. */
const vocabulary: readonly (readonly [string, number])[] = [
  ['<unk>', 2],
  ['<s>', 3],
  ['</s>', 3],
  ...Array.from({ length: 256 }, (_, byte) => [`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, 6] as const),
  ['▁', 1],
  ...Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => [letter, 1] as const),
];

/** Its sizes as GGUF has them, the fastest first. */
const tensors: readonly (readonly [string, readonly number[]])[] = [
  ['token_embd.weight', [width, vocabulary.length]],
  ['output_norm.weight', [width]],
  ['output.weight', [width, vocabulary.length]],
  ['blk.0.attn_norm.weight', [width]],
  ['blk.0.attn_q.weight', [width, width]],
  ['blk.0.attn_k.weight', [width, width]],
  ['blk.0.attn_v.weight', [width, width]],
  ['blk.0.attn_output.weight', [width, width]],
  ['blk.0.ffn_norm.weight', [width]],
  ['blk.0.ffn_gate.weight', [width, inner]],
  ['blk.0.ffn_up.weight', [width, inner]],
  ['blk.0.ffn_down.weight', [inner, width]],
];

/** A whole language model of one layer and no sense, some 100 kB: what it says is chance, held to a form by a grammar. */
export function writeGguf(path: string): void {
  const random = randomSource(11);
  const pairs = [
    pair('general.architecture', STRING, text('llama')),
    pair('general.name', STRING, text('chance')),
    pair('llama.context_length', UINT32, uint32(context)),
    pair('llama.embedding_length', UINT32, uint32(width)),
    pair('llama.block_count', UINT32, uint32(1)),
    pair('llama.feed_forward_length', UINT32, uint32(inner)),
    pair('llama.attention.head_count', UINT32, uint32(4)),
    pair('llama.rope.dimension_count', UINT32, uint32(width / 4)),
    pair('llama.attention.layer_norm_rms_epsilon', FLOAT32, float32(1e-5)),
    pair('tokenizer.ggml.model', STRING, text('llama')),
    pair(
      'tokenizer.ggml.tokens',
      ARRAY,
      array(
        STRING,
        vocabulary.map(([token]) => text(token)),
      ),
    ),
    pair(
      'tokenizer.ggml.scores',
      ARRAY,
      array(
        FLOAT32,
        vocabulary.map(() => float32(0)),
      ),
    ),
    pair(
      'tokenizer.ggml.token_type',
      ARRAY,
      array(
        INT32,
        vocabulary.map(([, type]) => uint32(type)),
      ),
    ),
    pair('tokenizer.ggml.bos_token_id', UINT32, uint32(1)),
    pair('tokenizer.ggml.eos_token_id', UINT32, uint32(2)),
  ];
  const infos: Buffer[] = [];
  const data: Buffer[] = [];
  let offset = 0;
  for (const [name, sizes] of tensors) {
    const numbers = sizes.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length: numbers }, () => (sizes.length === 1 ? 1 : random() * 0.2 - 0.1));
    const bytes = Buffer.from(values.buffer);
    infos.push(text(name), uint32(sizes.length), ...sizes.map(uint64), uint32(0), uint64(offset));
    data.push(bytes, padding(bytes.length));
    offset += bytes.length + padding(bytes.length).length;
  }
  const head = Buffer.concat([Buffer.from('GGUF'), uint32(3), uint64(tensors.length), uint64(pairs.length), ...pairs, ...infos]);
  writeFileSync(path, Buffer.concat([head, padding(head.length), ...data]));
}
