import type { ExportTarget, PromptDocument } from '../../contract/texts/prompt.ts';
import type { LocalRecipe, Recipe } from '../../contract/recipe.ts';
import type { PictureTextChoice } from '../../contract/settings.ts';
import type { PngText } from '../image/write-png-text.ts';
import { composeA1111, composeComfyui, withoutMachine } from '../metadata/compose-texts.ts';
import type { WrittenTexts } from '../metadata/compose-texts.ts';
import { RECIPE_KEYWORD } from '../metadata/readers/read-own-recipe.ts';
import { createPrompt } from '../prompt/create-prompt.ts';
import { exportPrompt } from '../prompt/export-prompt.ts';
import type { JobServices } from '../services/job-services.ts';
import { loadClipTokenizer } from '../tokenizer/load-clip-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/**
 * What a picture drawn here says of itself, as it was asked for in the settings: nothing, the recipe, and the forms of other tools. No time,
 * no path, nothing of the machine: the same recipe gives the same texts.
 */
export async function pictureTexts(
  { versions, tokenizers, packs }: Pick<JobServices, 'versions' | 'tokenizers' | 'packs'>,
  recipe: Recipe,
  choice: PictureTextChoice,
): Promise<PngText[]> {
  const texts: PngText[] = [];
  if (choice.recipe) {
    texts.push({ keyword: 'Software', text: `De-Diffusion Studio ${versions.studio}` });
    texts.push({ keyword: RECIPE_KEYWORD, text: JSON.stringify(withoutMachine(recipe)) });
  }
  if (recipe.kind === 'tool' || !(choice.a1111 || choice.comfyui)) return texts;
  const tokenizer = await tokenizers.takeById(recipe.pack.id, packs);
  const clip = await loadClipTokenizer();
  const write = (target: ExportTarget): WrittenTexts => writeTexts(recipe, target, tokenizer, clip);
  if (choice.a1111) texts.push({ keyword: 'parameters', text: composeA1111(recipe, write('a1111')) });
  const graph = choice.comfyui ? composeComfyui(recipe, write('comfyui')) : null;
  if (graph !== null) texts.push({ keyword: 'prompt', text: graph });
  return texts;
}

function writeTexts(recipe: LocalRecipe, target: ExportTarget, tokenizer: Tokenizer, clip: Tokenizer): WrittenTexts {
  // The first line is the prompt; what a tool takes behind it is written by the caller.
  const write = (document: PromptDocument): string => exportPrompt(document, target, {}, clip).text.split('\n')[0] ?? '';
  const plain = (id: string, text: string): string => write(createPrompt({ id, packId: recipe.pack.id, text }, clip));
  return {
    ...{ prompt: write(documentOf(recipe, tokenizer)), negative: plain('negative', recipe.negative) },
    ...(recipe.secondPrompt === undefined ? {} : { secondPrompt: plain('second', recipe.secondPrompt) }),
  };
}

/** The text as it was drawn, with the weight of every token. */
function documentOf({ pack, tokenIds, tokenWeights }: LocalRecipe, tokenizer: Tokenizer): PromptDocument {
  return {
    ...{ schemaVersion: 2, id: 'recipe', packId: pack.id, length: null, imageSha256: null, sources: [{ type: 'hand' }] },
    slots: tokenIds.map((tokenId, index) => ({
      ...{
        id: `s${index}`,
        tokenId,
        ...tokenizer.tokenText(tokenId),
        source: 0,
        position: null,
        exact: false,
        probability: null,
      },
      weight: tokenWeights[index] ?? 1,
    })),
  };
}
