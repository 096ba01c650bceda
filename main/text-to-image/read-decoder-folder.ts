import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { packLimits } from '../../contract/models/pack-limits.ts';
import { readPackText } from '../storage/read-pack-text.ts';
import type { DecoderFamily, TextEncoderRule } from './families/decoder-family.ts';
import { detectFamily } from './families/detect-family.ts';
import { schedulerConfigSchema } from './schedulers/scheduler-config.ts';
import type { SchedulerConfig } from './schedulers/scheduler-config.ts';

const countSchema = (most: number) => z.number().int().positive().max(most);
const latentSideSchema = countSchema(packLimits.latentSide);
const sideSchema = z.union([latentSideSchema, z.tuple([latentSideSchema, latentSideSchema])]);
const levelsSchema = z.array(z.number()).min(1).max(packLimits.levels);
const perChannelSchema = z.array(z.number()).max(packLimits.latentChannels);
const denoiserConfigSchema = z.object({
  _class_name: z.string().max(packLimits.nameCharacters).nullish(),
  joint_attention_dim: countSchema(packLimits.width).nullish(),
  out_channels: countSchema(packLimits.latentChannels).nullish(),
  in_channels: countSchema(packLimits.latentChannels).nullish(),
  sample_size: sideSchema.nullish(),
  block_out_channels: levelsSchema.nullish(),
  down_block_types: z.array(z.string()).max(packLimits.levels).nullish(),
  /** What diffusers calls the size of a head is their number in a U-Net. */
  attention_head_dim: z.union([z.number(), levelsSchema]).nullish().catch(null),
  num_attention_heads: z.union([z.number(), levelsSchema]).nullish().catch(null),
  addition_embed_type: z.string().nullish(),
});
const vaeConfigSchema = z.object({
  latent_channels: countSchema(packLimits.latentChannels).nullish(),
  block_out_channels: levelsSchema.nullish(),
  mid_block_add_attention: z.boolean().nullish(),
  scaling_factor: z.number().nullish(),
  shift_factor: z.number().nullish(),
  latents_mean: perChannelSchema.nullish(),
  latents_std: perChannelSchema.nullish(),
});
const textEncoderConfigSchema = z.object({ max_position_embeddings: countSchema(packLimits.tokensARow).min(3).nullish() });
const modelIndexSchema = z.looseObject({
  _class_name: z.string().nullish(),
  force_zeros_for_empty_prompt: z.boolean().nullish(),
});

export interface FolderTextEncoder extends TextEncoderRule {
  /** Its positions, or null where its config is not there. */
  readonly positions: number | null;
}

/** What the configs of a decoder's folder say, with its family's values where they say nothing. */
export interface DecoderConfig {
  readonly family: DecoderFamily;
  readonly folder: string;
  readonly latentChannels: number;
  /** Channels the denoiser takes, where its config says so; more than those of the latents for one that is shown a mask. */
  readonly denoiserChannels: number | null;
  /** Pixels a latent covers along one side: 8 for SD. */
  readonly scaleFactor: number;
  /** Pixels a latent covers along one side of a picture the VAE encodes; less than `scaleFactor` where the decoder half draws larger. */
  readonly encoderScaleFactor: number;
  /** Pixel sizes must be multiples of this, so that every level of the U-Net halves evenly, or the transformer's patches fill the picture. */
  readonly multipleOf: number;
  readonly defaultWidth: number;
  readonly defaultHeight: number;
  readonly latents: {
    readonly scale: number;
    readonly shift: number;
    /** Per channel; they take the place of the shift when both are there. */
    readonly mean: readonly number[] | null;
    readonly std: readonly number[] | null;
  };
  /** Heads of the attention of the denoiser's largest level that has any, and how many latents a cell of it covers along a side; null where not known. */
  readonly attention: { readonly heads: number; readonly shrink: number } | null;
  /** The VAE decoder: channels of its maps, those of the whole picture first, empty where not known; and whether it attends in its middle. */
  readonly decoder: { readonly channels: readonly number[]; readonly attends: boolean };
  /** The text encoders this folder has. */
  readonly textEncoders: readonly FolderTextEncoder[];
  /** Numbers a token of the text is told in, where the denoiser's config says so. */
  readonly textWidth: number | null;
  /** True where an empty negative prompt is told as zeros instead of being read. */
  readonly zeroesEmptyNegative: boolean;
  readonly scheduler: SchedulerConfig;
}

/** Reads the configs of a folder in diffusers' layout. Throws `pack-invalid` for another family, `pack-file-missing` without a scheduler. */
export async function readDecoderFolder(folder: string): Promise<DecoderConfig> {
  const index = await readConfig(join(folder, 'model_index.json'), modelIndexSchema);
  const [unet, transformer, vaeOfDecoder, vaeOfEncoder, vaeOfBoth, scheduler] = await Promise.all([
    readConfig(join(folder, 'unet', 'config.json'), denoiserConfigSchema),
    readConfig(join(folder, 'transformer', 'config.json'), denoiserConfigSchema),
    readConfig(join(folder, 'vae_decoder', 'config.json'), vaeConfigSchema),
    readConfig(join(folder, 'vae_encoder', 'config.json'), vaeConfigSchema),
    readConfig(join(folder, 'vae', 'config.json'), vaeConfigSchema),
    readConfig(join(folder, 'scheduler', 'scheduler_config.json'), schedulerConfigSchema),
  ]);
  if (!scheduler) {
    const path = join(folder, 'scheduler', 'scheduler_config.json');
    throw new StudioError('pack-file-missing', 'The decoder has no scheduler_config.json.', 'Verify or fetch the model again.', {
      path,
    });
  }
  const parts = Object.entries(index ?? {}).flatMap(([part, entry]) => (Array.isArray(entry) && entry[0] !== null ? [part] : []));
  const denoiser = unet ?? transformer;
  const family = detectFamily(folder, {
    className: index?._class_name ?? null,
    parts,
    denoiserClass: denoiser?._class_name ?? null,
    additionEmbedding: denoiser?.addition_embed_type ?? null,
  });
  const textEncoders = await Promise.all(
    family.textEncoders
      .filter(({ component }) => index === null || parts.includes(component) || component === 'text_encoder')
      .map((rule) => readTextEncoder(folder, rule)),
  );
  const { defaults } = family;
  const vae = vaeOfDecoder ?? vaeOfBoth ?? {};
  const encodingLevels = (vaeOfEncoder ?? vae).block_out_channels?.length;
  const scaleFactor = 2 ** ((vae.block_out_channels?.length ?? defaults.levels) - 1);
  const [height, width] = pairOf(denoiser?.sample_size ?? defaults.sampleSize);
  const latentMultiple =
    family.denoiser.component === 'unet'
      ? 2 ** ((unet?.block_out_channels?.length ?? defaults.levels) - 1)
      : family.denoiser.patchSide;
  return {
    family,
    folder,
    latentChannels: vae.latent_channels ?? denoiser?.out_channels ?? denoiser?.in_channels ?? defaults.latentChannels,
    denoiserChannels: denoiser?.in_channels ?? null,
    scaleFactor,
    encoderScaleFactor: encodingLevels === undefined ? scaleFactor : 2 ** (encodingLevels - 1),
    multipleOf: scaleFactor * latentMultiple,
    defaultWidth: width * scaleFactor,
    defaultHeight: height * scaleFactor,
    latents: {
      scale: vae.scaling_factor ?? defaults.latentScale,
      shift: vae.shift_factor ?? defaults.latentShift,
      mean: vae.latents_mean ?? null,
      std: vae.latents_std ?? null,
    },
    attention: denoiser === null ? null : largestAttention(denoiser, family),
    decoder: { channels: vae.block_out_channels ?? [], attends: vae.mid_block_add_attention ?? true },
    textEncoders,
    textWidth: denoiser?.joint_attention_dim ?? null,
    zeroesEmptyNegative: index?.force_zeros_for_empty_prompt ?? defaults.zeroesEmptyNegative,
    scheduler,
  };
}

async function readTextEncoder(folder: string, rule: TextEncoderRule): Promise<FolderTextEncoder> {
  const config = await readConfig(join(folder, rule.component, 'config.json'), textEncoderConfigSchema);
  return { ...rule, positions: config?.max_position_embeddings ?? null };
}

function largestAttention(
  { num_attention_heads: counted, attention_head_dim: named, down_block_types: blocks }: z.infer<typeof denoiserConfigSchema>,
  { denoiser: { component, patchSide } }: DecoderFamily,
): DecoderConfig['attention'] {
  if (component === 'transformer') return typeof counted === 'number' ? { heads: counted, shrink: patchSide } : null;
  const level = blocks?.findIndex((block) => block.includes('CrossAttn')) ?? -1;
  const heads = counted ?? named;
  const count = Array.isArray(heads) ? heads[level] : heads;
  return level < 0 || count == null ? null : { heads: count, shrink: 2 ** level };
}

function pairOf(side: z.infer<typeof sideSchema>): readonly [number, number] {
  return typeof side === 'number' ? [side, side] : side;
}

async function readConfig<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema> | null> {
  const text = await readPackText(path);
  if (text === null) return null;
  try {
    // Python writes infinities (lambda_min_clipped), which JSON does not have; absent means the same.
    return schema.parse(JSON.parse(text.replace(/:\s*(-?Infinity|NaN)\b/g, ': null')));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError(
      'pack-invalid',
      'A config of the decoder does not parse.',
      'Verify or fetch the model again.',
      { path, reason },
      error,
    );
  }
}
