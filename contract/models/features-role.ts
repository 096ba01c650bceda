import { z } from 'zod';
import { packFilePathSchema } from './pack-paths.ts';

/**
 * The features that FID is measured by (Heusel et al. 2017): `pixel_values` float32 [B,3,299,299], −1..1 → `features` float32 [B,2048]. They are the
 * third pooling layer of the InceptionV3 whose weights pytorch-fid brings, without its layers that resize and scale, which is done here. A graph
 * with other weights gives another number, so a pack says with `kind` that it has these.
 */
export const featuresRoleSchema = z.object({ kind: z.literal('inception-v3-pool3'), graph: packFilePathSchema });
export type FeaturesRole = z.infer<typeof featuresRoleSchema>;
