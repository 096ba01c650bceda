import { z } from 'zod';
import { StudioError } from '../../../../contract/errors.ts';
import { generateSettingsSchema, mostPicturesAtOnce } from '../../../../contract/recipe.ts';

const { steps, guidance, width, height } = generateSettingsSchema.shape;
const pictures = z.number().int().min(1).max(mostPicturesAtOnce).nullish();

/**
 * What clients of AUTOMATIC1111's web UI and of Forge send for a picture. What is absent or null is the pack's default, not theirs: 512
 * pixels and 50 steps are of other models.
 */
export const webuiRequestSchema = z.looseObject({
  prompt: z.string().max(100_000).nullish(),
  negative_prompt: z.string().max(100_000).nullish(),
  /** Below 0: any. */
  seed: z.number().int().min(-1).max(Number.MAX_SAFE_INTEGER).nullish(),
  steps: steps.nullish(),
  cfg_scale: guidance.nullish(),
  width: width.nullish(),
  height: height.nullish(),
  batch_size: pictures,
  n_iter: pictures,
  sampler_name: z.string().max(100).nullish(),
  /** The older name of it. */
  sampler_index: z.string().max(100).nullish(),
  scheduler: z.string().max(100).nullish(),
  override_settings: z.looseObject({ sd_model_checkpoint: z.string().nullish() }).nullish(),
  send_images: z.boolean().nullish(),
  init_images: z.array(z.string()).nullish(),
  denoising_strength: z.number().min(0).max(1).nullish(),
  mask: z.string().nullish(),
});
export type WebuiRequest = z.infer<typeof webuiRequestSchema>;

/** Whether a value asks for something. */
const isSet = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== false &&
  value !== 0 &&
  value !== '' &&
  !(typeof value === 'object' && Object.keys(value).length === 0);

/** What would change the picture and is not here, by the field that asks for it. */
const missing: readonly (readonly [string, string])[] = [
  ['enable_hr', 'the second pass at a higher resolution'],
  ['script_name', 'scripts'],
  ['alwayson_scripts', 'scripts and extensions'],
  ['styles', 'styles'],
  ['subseed_strength', 'variation seeds'],
  ['tiling', 'tiling'],
  ['restore_faces', 'restoring faces'],
  ['refiner_checkpoint', 'refiners'],
  ['firstpass_image', 'the second pass at a higher resolution'],
];

/** The same, where a mask is sent; without one these fields say nothing. */
const missingOfMasks: readonly (readonly [string, string])[] = [['inpainting_mask_invert', 'masks the other way round']];

/**
 * A picture that is not what was asked for helps nobody.
 * @throws StudioError `bad-request` for what the studio does not have
 */
export function refuseMissing(request: WebuiRequest): void {
  for (const [field, name] of isSet(request.mask) ? [...missing, ...missingOfMasks] : missing) {
    if (!isSet(request[field])) continue;
    throw new StudioError('bad-request', `${field}: the studio does not have ${name}.`, 'Leave it out.', { place: field });
  }
}

/** What a mask is sent with and drawn in another way: the field, which of its values that is, and how. */
const otherwise: readonly (readonly [field: string, isOther: (value: unknown) => boolean, sentence: string])[] = [
  ['inpaint_full_res', isSet, 'the part was drawn within the whole picture, and at its resolution.'],
  ['mask_blur', isSet, 'the edge of the mask was taken as it is.'],
  // 1 is what lies there already. Nobody who leaves it out asks for something.
  [
    'inpainting_fill',
    (value) => value !== 1 && value !== undefined && value !== null,
    'the part was begun from what lies there.',
  ],
];

/**
 * Sentences on what is drawn in another way than was asked: Python's client asks for all of it with every mask, without a word of the
 * person, and what the mask shows is drawn anew either way.
 */
export function listOtherwise(request: WebuiRequest): readonly string[] {
  if (!isSet(request.mask)) return [];
  return otherwise.flatMap(([field, isOther, sentence]) => (isOther(request[field]) ? [`${field}: ${sentence}`] : []));
}
