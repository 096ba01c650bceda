import { z } from 'zod';
import { featuresRoleSchema } from '../../../contract/models/features-role.ts';

export const engineFeaturesRequestSchema = z.object({
  packFolder: z.string(),
  features: featuresRoleSchema,
  /** Absolute paths of pictures. */
  images: z.array(z.string().min(1)),
});
export type EngineFeaturesRequest = z.infer<typeof engineFeaturesRequestSchema>;
