import { z } from 'zod';

/**
 * Whether a picture is of the kind that its reader knows. `score` is the pack's probability of that, 0..1; below the pack's
 * `threshold` the words are guesses.
 */
export const pictureWorldSchema = z.object({
  inside: z.boolean(),
  score: z.number().min(0).max(1),
  threshold: z.number().min(0).max(1),
});
export type PictureWorld = z.infer<typeof pictureWorldSchema>;
