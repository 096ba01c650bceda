import { StudioError } from '../../contract/errors.ts';
import { packLimits } from '../../contract/models/pack-limits.ts';
import { CONVERSION_FILE } from './conversion/conversion-record.ts';

/** A file that may be part of a pack: of a repository, a folder or an archive. */
export interface OfferedFile {
  readonly path: string;
  readonly bytes: number;
}

/** What a folder or a repository is, told by the names of its files, and which of them a pack is made of. */
export type PackShape = {
  /** Configs, vocabularies, the licence and the card. */
  readonly texts: readonly string[];
} & (
  | { readonly layout: 'diffusers'; readonly graphs: readonly string[] }
  | {
      readonly layout: 'transformers.js';
      readonly does: 'scores' | 'reads' | 'writes';
      /** Path of each graph, by its name without the ending for its precision. */
      readonly named: Readonly<Record<string, string>>;
      readonly graphs: readonly string[];
    }
  | { readonly layout: 'gguf'; readonly graphs: readonly [string] }
);

export interface FileChoice {
  /** The end of a graph's name for the precision that is wanted: `_fp16`; undefined: the fullest that all graphs have. */
  readonly dtype?: string | undefined;
  /** The file that is wanted where one is enough and several are there. */
  readonly file?: string | undefined;
}

const drawingParts = ['text_encoder', 'text_encoder_2', 'text_encoder_3', 'unet', 'transformer', 'vae_decoder', 'vae_encoder'];
const textFolders = ['scheduler', 'tokenizer', 'tokenizer_2', 'tokenizer_3'];
/** Endings for precision in transformers.js, the fullest first. */
const dtypes = ['', '_fp16', '_int8', '_uint8', '_quantized', '_q4', '_q4f16', '_bnb4'];
/** What is preferred of language models in one file: small, and hardly worse than whole. */
const preferredGguf = /q4_k_m/i;
const licenceName = /^(licen[cs]e|copying|notice)(\.|$)/i;

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Configs, vocabularies, the licence and the card: at the root and, for `inside`, in folders. */
function textsOf(files: readonly OfferedFile[], isInside: (path: string) => boolean): string[] {
  return files
    .filter(({ path, bytes }) => {
      if (bytes > packLimits.textFileBytes) return false;
      const isRoot = folderOf(path) === '';
      if (isRoot && (licenceName.test(nameOf(path)) || path === 'README.md')) return true;
      return /\.(json|txt|jinja|model)$/.test(path) && isInside(path);
    })
    .map(({ path }) => path);
}

function shapeOfDiffusers(files: readonly OfferedFile[]): PackShape | null {
  const graphs = files.map(({ path }) => path).filter((path) => drawingParts.some((part) => path === `${part}/model.onnx`));
  if (!graphs.includes('vae_decoder/model.onnx')) return null;
  const texts = textsOf(
    files,
    (path) =>
      path === 'model_index.json' ||
      path === CONVERSION_FILE ||
      textFolders.includes(folderOf(path)) ||
      drawingParts.some((part) => path === `${part}/config.json`),
  );
  return { layout: 'diffusers', graphs, texts };
}

function shapeOfTransformers(files: readonly OfferedFile[], wanted: string | undefined): PackShape | null {
  const paths = files.map(({ path }) => path).filter((path) => /^onnx\/[^/]+\.onnx$/.test(path));
  const withDtype = (dtype: string): Map<string, string> =>
    new Map(
      paths.flatMap((path) => {
        const name = nameOf(path).slice(0, -'.onnx'.length);
        const found = dtypes.findLast((one) => one !== '' && name.endsWith(one)) ?? '';
        return found === dtype ? [[name.slice(0, name.length - found.length), path] as const] : [];
      }),
    );
  for (const dtype of wanted === undefined ? dtypes : [wanted]) {
    const graphs = withDtype(dtype);
    const pick = (names: readonly string[]): Record<string, string> =>
      Object.fromEntries(names.flatMap((name) => (graphs.has(name) ? [[name, graphs.get(name) ?? '']] : [])));
    const scorer = pick(['text_model', 'vision_model']);
    const reader = pick(['vision_encoder', 'encoder_model', 'embed_tokens', 'decoder_model_merged']);
    const texts = textsOf(files, (path) => folderOf(path) === '');
    if (Object.keys(scorer).length === 2)
      return { layout: 'transformers.js', does: 'scores', named: scorer, graphs: Object.values(scorer), texts };
    const isReader = reader['decoder_model_merged'] !== undefined && Object.keys(reader).length > 1;
    if (isReader) return { layout: 'transformers.js', does: 'reads', named: reader, graphs: Object.values(reader), texts };
    const writer = pick(['model']);
    // What is one graph and says how it writes; classifiers and embedders of one graph do not.
    if (writer['model'] !== undefined && texts.includes('generation_config.json'))
      return { layout: 'transformers.js', does: 'writes', named: writer, graphs: Object.values(writer), texts };
  }
  return null;
}

function shapeOfGguf(files: readonly OfferedFile[], wanted: string | undefined): PackShape | null {
  const all = files.map(({ path }) => path).filter((path) => path.endsWith('.gguf'));
  const [only] =
    wanted === undefined
      ? all.toSorted((a, b) => Number(preferredGguf.test(b)) - Number(preferredGguf.test(a)))
      : all.filter((path) => path === wanted);
  if (only === undefined || (wanted === undefined && all.length > 1 && !preferredGguf.test(only))) return null;
  return { layout: 'gguf', graphs: [only], texts: textsOf(files, () => false) };
}

/**
 * Tells what a folder or repository is by its files: a decoder in diffusers' layout, a repository of transformers.js, or a language
 * model in one file. Checkpoints of PyTorch and copies in other forms are left out.
 *
 * @throws StudioError `pack-invalid`, which says what would be known
 */
export function chooseFiles(files: readonly OfferedFile[], { dtype, file }: FileChoice = {}): PackShape {
  const shape = shapeOfDiffusers(files) ?? shapeOfTransformers(files, dtype) ?? shapeOfGguf(files, file);
  if (shape !== null) return shape;
  const hasCheckpoint = files.some(({ path }) => /\.(safetensors|ckpt|bin|pt)$/.test(path));
  const found = files.slice(0, 20).map(({ path }) => path);
  throw new StudioError(
    'pack-invalid',
    hasCheckpoint
      ? 'This holds checkpoints of PyTorch, and no graphs that the studio could run.'
      : 'There is nothing in it that the studio knows how to use.',
    `${hasCheckpoint ? '`dediffusion packs convert model.safetensors` makes graphs of a checkpoint of Stable Diffusion 1, 2 or XL. Else it' : 'It'} must be an ONNX export in the layout of diffusers (model_index.json, unet/model.onnx, vae_decoder/model.onnx …), a repository of transformers.js (onnx/…), or a .gguf file.`,
    { found: found.join(', ').slice(0, 1000), ...(dtype === undefined ? {} : { dtype }) },
  );
}

/** Files beside a graph that may hold its weights, before its own header has been read: what a plan counts with. */
export function guessDataOf(graph: string, files: readonly OfferedFile[], layout: PackShape['layout']): OfferedFile[] {
  const other = /\.(onnx|json|txt|md|safetensors|ckpt|bin|msgpack|pt|xml|gguf|png|jpg|py)$/i;
  return files.filter(
    ({ path }) =>
      folderOf(path) === folderOf(graph) &&
      !other.test(path) &&
      !nameOf(path).startsWith('.') &&
      (layout === 'diffusers' || nameOf(path).startsWith(nameOf(graph))),
  );
}

/** What a pack is made of, with the files beside its graphs that may be theirs. @throws StudioError as `chooseFiles` does */
export function chooseWithData<File extends OfferedFile>(offered: readonly File[], choice: FileChoice): File[] {
  const shape = chooseFiles(offered, choice);
  const data = shape.graphs.flatMap((graph) => guessDataOf(graph, offered, shape.layout));
  const wanted = new Set([...shape.texts, ...shape.graphs, ...data.map(({ path }) => path)]);
  return offered.filter(({ path }) => wanted.has(path));
}
