import { mixedNote } from '../../../contract/texts/metadata.ts';
import type { PictureMetadata } from '../../../contract/texts/metadata.ts';
import { recipeRecord, readSchedulerName } from '../../../contract/recipe.ts';
import { readRecord } from '../../../contract/record.ts';
import { makeMetadata } from '../make-metadata.ts';

/** PNG keyword of the studio's recipe, as JSON. */
export const RECIPE_KEYWORD = 'dediffusion';

/**
 * The studio's own recipe.
 * @throws StudioError `record-newer` for one of a later studio; z.ZodError for what is no recipe, SyntaxError for what is no JSON
 */
export function readOwnRecipe(text: string): PictureMetadata | null {
  const recipe = readRecord(recipeRecord, JSON.parse(text));
  if (recipe.kind === 'tool') {
    const { tool, model, seed, text: prompt } = recipe;
    return makeMetadata({ writer: 'dediffusion', prompt, dialect: 'plain', seed, model, notes: { tool, ...recipe.parameters } });
  }
  const { pack, text: prompt, negative, seed, width, height, steps, guidance, scheduler, versions, tokenWeights } = recipe;
  const { guidanceRescale, secondPrompt, clipSkip, emphasis, mixed } = recipe;
  const weighed = tokenWeights.filter((weight) => weight !== 1).length;
  return makeMetadata({
    writer: 'dediffusion',
    version: versions.studio,
    ...{ prompt, negative, dialect: 'plain', seed, width, height, steps, guidance },
    sampler: readSchedulerName(scheduler).kind,
    scheduler,
    model: pack.id,
    ...{ guidanceRescale, secondPrompt, clipSkip, emphasis },
    notes: {
      pack: `${pack.id} ${pack.version}`,
      'tokens with a weight': weighed === 0 ? null : weighed,
      [mixedNote]: mixed?.text,
      'share of that': mixed?.share,
      'strength of the first picture': recipe.init?.strength,
      mask: recipe.init?.maskSha256,
    },
  });
}
