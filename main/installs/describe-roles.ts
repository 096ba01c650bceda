import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { imageInputSchema } from '../../contract/models/pack.ts';
import type { DecoderRole, ImageInput, PackManifest } from '../../contract/models/pack.ts';
import { captionerKinds } from '../image-to-text/picture-captioner.ts';
import { readPackText } from '../storage/read-pack-text.ts';
import { readDecoderFolder } from '../text-to-image/read-decoder-folder.ts';
import type { DecoderConfig } from '../text-to-image/read-decoder-folder.ts';
import { familyOfTinyVae } from '../text-to-image/families/family-of-tiny-vae.ts';
import { nameScheduler } from '../text-to-image/schedulers/name-scheduler.ts';
import type { PackShape } from './choose-files.ts';

/** What a folder can do, and a sentence for each thing that its files do not say. */
export interface DescribedRoles {
  readonly roles: PackManifest['roles'];
  readonly notes: readonly string[];
}

const sideSchema = z.number().int().positive();
const preprocessorSchema = z.object({
  size: z
    .union([
      sideSchema,
      z.looseObject({ shortest_edge: sideSchema.optional(), height: sideSchema.optional(), width: sideSchema.optional() }),
    ])
    .nullish(),
  crop_size: z.union([sideSchema, z.looseObject({ height: sideSchema, width: sideSchema })]).nullish(),
  do_center_crop: z.boolean().nullish(),
  image_mean: z.array(z.number()).length(3).nullish(),
  image_std: z.array(z.number()).length(3).nullish(),
  resample: z.number().int().nullish(),
});
const autoencoderConfigSchema = z.looseObject({ _name_or_path: z.string().max(300).nullish() });
const modelConfigSchema = z.looseObject({ model_type: z.string().max(100).nullish() });

/** Pillow's numbers of ways to resize. */
const resamples = new Map<number, ImageInput['resample']>([
  [1, 'lanczos'],
  [2, 'bilinear'],
  [3, 'bicubic'],
]);

async function readJson<Schema extends z.ZodType>(folder: string, name: string, schema: Schema): Promise<z.infer<Schema> | null> {
  const text = await readPackText(join(folder, name));
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.slice(0, 300) : String(cause);
    const hint = 'Correct that file, or get the folder again.';
    throw new StudioError(
      'pack-invalid',
      `${name} does not say what it should.`,
      hint,
      { path: join(folder, name), reason },
      cause,
    );
  }
}

/** Steps and guidance that a decoder is used with where nobody says: those of the pipelines it is made for. */
function defaultsOf({ family, scheduler }: DecoderConfig): { readonly defaults: DecoderRole['defaults']; readonly note: string } {
  const name = nameScheduler(scheduler);
  const isDistilled = name === 'lcm' || name === 'tcd';
  const isTurbo = scheduler.timestepSpacing === 'trailing' && name.startsWith('euler');
  const isFlow = name === 'flow-match-euler';
  const [steps, guidance] = isDistilled ? [6, 1] : isTurbo ? [4, 1] : isFlow ? [28, family.guidesByPairs ? 4.5 : 3.5] : [25, 7.5];
  return {
    defaults: { steps, guidance, scheduler: name, negative: '' },
    note: `Nothing in it says how many steps and how much guidance it likes: it begins with ${steps} and ${guidance}.`,
  };
}

/** An autoencoder alone is a tiny one: it shows what others draw. */
async function describePreviewer(folder: string, called: string): Promise<DescribedRoles> {
  const config = await readJson(folder, 'vae_decoder/config.json', autoencoderConfigSchema);
  const family = familyOfTinyVae(`${called} ${config?._name_or_path ?? ''}`);
  return {
    roles: { previewer: { graph: 'vae_decoder/model.onnx', family: family.id } },
    notes: [`It draws nothing by itself. Nothing in it says whose drawings it shows: by its name those of ${family.label}.`],
  };
}

async function describeDecoder(folder: string, graphs: readonly string[], called: string): Promise<DescribedRoles> {
  if (!graphs.some((path) => /^(unet|transformer)\//.test(path))) return describePreviewer(folder, called);
  const config = await readDecoderFolder(folder);
  const { defaults, note } = defaultsOf(config);
  const image = { width: config.defaultWidth, height: config.defaultHeight, multipleOf: config.multipleOf };
  const hasSize =
    (await readPackText(join(folder, 'unet', 'config.json'))) ?? (await readPackText(join(folder, 'transformer', 'config.json')));
  return {
    roles: { decoder: { layout: 'diffusers', folder: '.', image, defaults } },
    notes: [
      note,
      ...(hasSize === null
        ? [`Nothing in it says which size it draws: ${image.width} × ${image.height} is what its family draws.`]
        : []),
      ...(graphs.includes('vae_encoder/model.onnx') ? [] : ['It has no vae_encoder, so it cannot start from a picture.']),
    ],
  };
}

const sidesOf = (
  size:
    | number
    | { readonly height?: number | undefined; readonly width?: number | undefined; readonly shortest_edge?: number | undefined },
): readonly [number, number] => {
  if (typeof size === 'number') return [size, size];
  const side = size.shortest_edge ?? 224;
  return [size.width ?? side, size.height ?? side];
};

async function describeScorer(folder: string, named: Readonly<Record<string, string>>): Promise<DescribedRoles> {
  const config = await readJson(folder, 'preprocessor_config.json', preprocessorSchema);
  const notes = config === null ? ['Nothing in it says how pictures are prepared: it is done as for CLIP.'] : [];
  const crops = config?.do_center_crop !== false && config?.crop_size != null;
  const [width, height] = sidesOf((crops ? config.crop_size : config?.size) ?? 224);
  const three = (
    values: readonly number[] | null | undefined,
    otherwise: readonly [number, number, number],
  ): [number, number, number] => [values?.[0] ?? otherwise[0], values?.[1] ?? otherwise[1], values?.[2] ?? otherwise[2]];
  const image = imageInputSchema.parse({
    width,
    height,
    // Of CLIP, where nothing else is said.
    mean: three(config?.image_mean, [0.48145466, 0.4578275, 0.40821073]),
    std: three(config?.image_std, [0.26862954, 0.26130258, 0.27577711]),
    resample: resamples.get(config?.resample ?? 3) ?? 'bicubic',
    fit: config === null || crops ? 'crop' : 'stretch',
  });
  return {
    roles: { scorer: { vision: named['vision_model'] ?? '', text: named['text_model'] ?? '', tokenizer: '.', image } },
    notes: [...notes, 'Nobody has said how its likeness becomes a fidelity, so its cosine is shown as it is.'],
  };
}

async function describeCaptioner(folder: string, named: Readonly<Record<string, string>>): Promise<DescribedRoles> {
  const config = await readJson(folder, 'config.json', modelConfigSchema);
  const model = config?.model_type ?? 'unknown';
  return {
    roles: { captioner: { layout: 'transformers.js', model, graphs: named, tokenizer: '.' } },
    notes: captionerKinds.includes(model) ? [] : ['The studio keeps it and has nothing yet that runs models of this kind.'],
  };
}

function describeWriter(named: Readonly<Record<string, string>>): DescribedRoles {
  return { roles: { writer: { layout: 'transformers.js', graphs: named, tokenizer: '.' } }, notes: [] };
}

/**
 * Reads from the configs of a folder what it can do.
 *
 * @param called its id and its name, which tell what configs do not
 * @throws StudioError `pack-invalid` for a decoder of another family or configs that do not parse, `pack-file-missing`, `scheduler-unknown`
 */
export async function describeRoles(folder: string, shape: PackShape, called: string): Promise<DescribedRoles> {
  switch (shape.layout) {
    case 'diffusers':
      return describeDecoder(folder, shape.graphs, called);
    case 'transformers.js':
      if (shape.does === 'writes') return describeWriter(shape.named);
      return shape.does === 'scores' ? describeScorer(folder, shape.named) : describeCaptioner(folder, shape.named);
    case 'gguf':
      return {
        roles: { writer: { layout: 'gguf', file: shape.graphs[0] } },
        notes: ['It writes where node-llama-cpp is installed besides; asked for an answer, it says how.'],
      };
  }
}
