import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { packLimits } from '../../contract/pack-limits.ts';
import { readPackText } from '../storage/read-pack-text.ts';
import type { DecoderFamily } from './families/decoder-family.ts';
import { detectFamily } from './families/detect-family.ts';
import { schedulerConfigSchema } from './schedulers/scheduler-config.ts';
import type { SchedulerConfig } from './schedulers/scheduler-config.ts';

const countSchema = (most: number) => z.number().int().positive().max(most);
const latentSideSchema = countSchema(packLimits.latentSide);
const sideSchema = z.union([latentSideSchema, z.tuple([latentSideSchema, latentSideSchema])]);
const levelsSchema = z.array(z.number()).min(1).max(packLimits.levels);
const perChannelSchema = z.array(z.number()).max(packLimits.latentChannels);
const unetConfigSchema = z.object({
  in_channels: countSchema(packLimits.latentChannels).nullish(),
  sample_size: sideSchema.nullish(),
  block_out_channels: levelsSchema.nullish(),
  addition_embed_type: z.string().nullish(),
});
const vaeConfigSchema = z.object({
  latent_channels: countSchema(packLimits.latentChannels).nullish(),
  block_out_channels: levelsSchema.nullish(),
  scaling_factor: z.number().nullish(),
  shift_factor: z.number().nullish(),
  latents_mean: perChannelSchema.nullish(),
  latents_std: perChannelSchema.nullish(),
});
const textEncoderConfigSchema = z.object({ max_position_embeddings: countSchema(packLimits.tokensARow).min(3).nullish() });
const modelIndexSchema = z.looseObject({ _class_name: z.string().nullish() });

/** What the configs of a decoder's folder say, with its family's values where they say nothing. */
export interface DecoderConfig {
  readonly family: DecoderFamily;
  readonly folder: string;
  readonly latentChannels: number;
  /** Pixels a latent covers along one side: 8 for SD. */
  readonly scaleFactor: number;
  /** Pixel sizes must be multiples of this, so that every level of the U-Net halves evenly. */
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
  /** Positions of the text encoder, or null where its config is not there. */
  readonly textPositions: number | null;
  readonly scheduler: SchedulerConfig;
}

/** Reads the configs of a folder in diffusers' layout. Throws `pack-invalid` for another family, `pack-file-missing` without a scheduler. */
export async function readDecoderFolder(folder: string): Promise<DecoderConfig> {
  const index = await readConfig(join(folder, 'model_index.json'), modelIndexSchema);
  const [unet, vaeOfDecoder, vaeOfEncoder, textEncoder, scheduler] = await Promise.all([
    readConfig(join(folder, 'unet', 'config.json'), unetConfigSchema),
    readConfig(join(folder, 'vae_decoder', 'config.json'), vaeConfigSchema),
    readConfig(join(folder, 'vae', 'config.json'), vaeConfigSchema),
    readConfig(join(folder, 'text_encoder', 'config.json'), textEncoderConfigSchema),
    readConfig(join(folder, 'scheduler', 'scheduler_config.json'), schedulerConfigSchema),
  ]);
  if (!scheduler) {
    const path = join(folder, 'scheduler', 'scheduler_config.json');
    throw new StudioError('pack-file-missing', 'The decoder has no scheduler_config.json.', 'Verify or fetch the pack again.', {
      path,
    });
  }
  const family = detectFamily(folder, {
    className: index?._class_name ?? null,
    parts: Object.entries(index ?? {}).flatMap(([part, entry]) => (Array.isArray(entry) && entry[0] !== null ? [part] : [])),
    additionEmbedding: unet?.addition_embed_type ?? null,
  });
  const { defaults } = family;
  const vae = vaeOfDecoder ?? vaeOfEncoder ?? {};
  const scaleFactor = 2 ** ((vae.block_out_channels?.length ?? defaults.levels) - 1);
  const [height, width] = pairOf(unet?.sample_size ?? defaults.sampleSize);
  return {
    family,
    folder,
    latentChannels: unet?.in_channels ?? vae.latent_channels ?? defaults.latentChannels,
    scaleFactor,
    multipleOf: scaleFactor * 2 ** ((unet?.block_out_channels?.length ?? defaults.levels) - 1),
    defaultWidth: width * scaleFactor,
    defaultHeight: height * scaleFactor,
    latents: {
      scale: vae.scaling_factor ?? defaults.latentScale,
      shift: vae.shift_factor ?? defaults.latentShift,
      mean: vae.latents_mean ?? null,
      std: vae.latents_std ?? null,
    },
    textPositions: textEncoder?.max_position_embeddings ?? null,
    scheduler,
  };
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
      'Verify or fetch the pack again.',
      { path, reason },
      error,
    );
  }
}
