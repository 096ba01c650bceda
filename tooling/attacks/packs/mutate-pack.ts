import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { nastyValues } from '../random-choice.ts';
import type { RandomChoice } from '../random-choice.ts';
import { writeGraph } from './write-graph.ts';
import type { GraphInput } from './write-graph.ts';

const manifestSchema = z.looseObject({ files: z.array(z.looseObject({ path: z.string() })) });

/** What a graph of the embedded pack takes and gives; B stands for one picture or text. */
const graphs: Readonly<
  Record<string, { readonly inputs: readonly GraphInput[]; readonly outputs: Readonly<Record<string, number[]>> }>
> = {
  'encoder/backbone.onnx': {
    inputs: [{ name: 'pixel_values', dtype: 'float32', shape: ['batch', 3, 64, 64] }],
    outputs: { last_hidden_state: [1, 64, 32] },
  },
  'encoder/pooler_5.onnx': {
    inputs: [{ name: 'image_features', dtype: 'float32', shape: ['batch', 'patches', 'width'] }],
    outputs: { token_ids: [1, 5, 10], token_probs: [1, 5, 10], attention: [1, 5, 64] },
  },
  'decoder/text_encoder/model.onnx': {
    inputs: [{ name: 'input_ids', dtype: 'int64', shape: ['batch', 'tokens'] }],
    outputs: { last_hidden_state: [1, 77, 128] },
  },
  'decoder/unet/model.onnx': {
    inputs: [
      { name: 'sample', dtype: 'float32', shape: ['batch', 4, 'height', 'width'] },
      { name: 'timestep', dtype: 'int64', shape: ['steps'] },
      { name: 'encoder_hidden_states', dtype: 'float32', shape: ['batch', 'tokens', 'channels'] },
    ],
    outputs: { out_sample: [2, 4, 8, 8] },
  },
  'decoder/vae_decoder/model.onnx': {
    inputs: [{ name: 'latent_sample', dtype: 'float32', shape: ['batch', 4, 'height', 'width'] }],
    outputs: { sample: [1, 3, 64, 64] },
  },
  'scorer/onnx/vision_model.onnx': {
    inputs: [{ name: 'pixel_values', dtype: 'float32', shape: ['batch', 3, 64, 64] }],
    outputs: { image_embeds: [1, 64] },
  },
};

type Mutation = (folder: string, choice: RandomChoice) => string;

/** Spoils a copy of the embedded pack in one way; says in which. Most spoiled files are entered into the manifest, so that they are used. */
export function mutatePack(folder: string, choice: RandomChoice): string {
  return choice.of(mutations)(folder, choice);
}

const mutations: readonly Mutation[] = [
  (folder, choice) => {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'pack.json'), 'utf8'));
    const what = spoilValue(manifest, choice);
    writeFileSync(join(folder, 'pack.json'), JSON.stringify(manifest));
    return `pack.json: ${what}`;
  },
  (folder, choice) => {
    const file = choice.of(listFiles(folder).filter((path) => path.endsWith('.json')));
    const value: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const what = spoilValue(value, choice);
    writeFileSync(join(folder, file), JSON.stringify(value));
    return `${file}: ${what}${enter(folder, file, choice)}`;
  },
  (folder, choice) => {
    const file = choice.of(listFiles(folder));
    return `${file}: ${spoilFile(folder, file, choice)}`;
  },
  replaceGraph,
  replaceGraph,
];

/** Puts something nobody expects at a random place of a JSON value. */
function spoilValue(value: unknown, choice: RandomChoice): string {
  const places: { readonly holder: Record<string, unknown>; readonly key: string; readonly path: string }[] = [];
  const visit = (held: unknown, path: string): void => {
    if (typeof held !== 'object' || held === null) return;
    for (const [key, inner] of Object.entries(held)) {
      places.push({ holder: held as Record<string, unknown>, key, path: `${path}.${key}` });
      visit(inner, `${path}.${key}`);
    }
  };
  visit(value, '');
  // Near the top there are few places, and they matter most.
  const shallow = places.filter(({ path }) => path.split('.').length <= 5);
  const { holder, key, path } = choice.of(choice.chance(0.7) && shallow.length > 0 ? shallow : places);
  if (choice.chance(0.15)) {
    Reflect.deleteProperty(holder, key);
    return `${path} removed`;
  }
  if (choice.chance(0.15)) {
    const name = choice.of(['9007199254740993', '-1', '0', '', '__proto__', '1'.repeat(400), '75 ']);
    Object.defineProperty(holder, name, { value: holder[key], enumerable: true, configurable: true, writable: true });
    Reflect.deleteProperty(holder, key);
    return `${path} named ${name.slice(0, 20)}`;
  }
  const nasty = choice.of(nastyValues);
  holder[key] = nasty;
  return `${path} = ${JSON.stringify(nasty).slice(0, 40)}`;
}

function spoilFile(folder: string, file: string, choice: RandomChoice): string {
  const path = join(folder, file);
  const bytes = readFileSync(path);
  rmSync(path);
  const kinds: Readonly<Record<string, () => void>> = {
    removed: () => undefined,
    emptied: () => writeFileSync(path, ''),
    truncated: () => writeFileSync(path, bytes.subarray(0, choice.below(bytes.length))),
    doubled: () => writeFileSync(path, Buffer.concat([bytes, bytes])),
    'with other bytes': () => {
      for (let changed = 0; changed < 20; changed += 1) bytes[choice.below(bytes.length)] = choice.below(256);
      writeFileSync(path, bytes);
    },
    'a folder': () => mkdirSync(path),
    'a link out of the pack': () => symlinkSync('/etc/passwd', path),
    'a link to what never ends': () => symlinkSync('/dev/zero', path),
    'a pipe': () => execFileSync('mkfifo', [path]),
  };
  const kind = choice.of(Object.keys(kinds));
  kinds[kind]?.();
  return `${kind}${enter(folder, file, choice)}`;
}

function replaceGraph(folder: string, choice: RandomChoice): string {
  const file = choice.of(Object.keys(graphs));
  const graph = graphs[file];
  if (graph === undefined) throw new Error(`no graph ${file}`);
  const sizes = [0, 1, 2, 3, 50, 51, 1000];
  const values = [Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 0.5, 7, 1e38, 2 ** 40];
  const outputs = Object.entries(graph.outputs)
    .filter(() => !choice.chance(0.1))
    .map(([name, right]) => {
      const shape = right.map((size) => (choice.chance(0.2) ? choice.of(sizes) : size)).slice(0, choice.chance(0.1) ? 1 : 4);
      const dtype = (name === 'token_ids') === choice.chance(0.95) ? ('int64' as const) : ('float32' as const);
      const value = choice.of(values);
      return {
        name,
        dtype,
        shape,
        values: [dtype === 'float32' ? value : Number.isFinite(value) ? Math.floor(Math.min(value, 2 ** 40)) : 3],
      };
    });
  writeFileSync(join(folder, file), writeGraph(graph.inputs, outputs));
  const told = outputs
    .map(({ name, dtype, shape, values: [value] }) => `${name} ${dtype} [${shape.join(', ')}] of ${value}`)
    .join('; ');
  return `${file}: answers ${told}${enter(folder, file, choice, 1)}`;
}

function listFiles(folder: string): string[] {
  return manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'pack.json'), 'utf8'))).files.map(({ path }) => path);
}

/** Writes size and sha256 of a spoiled file into the manifest, so that the check of files lets it through. */
function enter(folder: string, file: string, choice: RandomChoice, share = 0.8): string {
  const path = join(folder, file);
  const facts = statSync(path, { throwIfNoEntry: false });
  if (!choice.chance(share) || facts?.isFile() !== true || facts.size > 1e8) return '';
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'pack.json'), 'utf8')));
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  const files = manifest.files.map((one) => (one.path === file ? { ...one, bytes: facts.size, sha256 } : one));
  writeFileSync(join(folder, 'pack.json'), JSON.stringify({ ...manifest, files }));
  return ', entered into the manifest';
}
