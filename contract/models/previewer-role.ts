import { z } from 'zod';
import { packFilePathSchema } from './pack-paths.ts';

/**
 * A tiny autoencoder that shows drawings in the making: `latent_sample` [B,C,h,w] float in the denoiser's range → `sample` [B,3,8h,8w] in −1..1.
 * `family` is whose latents it knows, by the id of a family of decoders.
 */
export const previewerRoleSchema = z.object({ graph: packFilePathSchema, family: z.string().min(1).max(100) });
export type PreviewerRole = z.infer<typeof previewerRoleSchema>;
