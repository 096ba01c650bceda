import { StudioError } from '../../../../contract/errors.ts';
import type { PromptSource } from '../../../../contract/job.ts';
import { settingsOf } from '../../../../contract/texts/metadata.ts';
import type { GenerateSettings } from '../../../../contract/recipe.ts';
import { mixedNote } from '../../../../contract/texts/metadata.ts';
import type { Studio } from '../../../studio.ts';
import type { CommandContext } from '../command-context.ts';

/**
 * The prompt and the settings that a picture's file says it was made with; what the studio does not have is said.
 *
 * @throws StudioError `prompt-empty` where the file carries no prompt; as addImage does
 */
export async function madeLike(
  studio: Studio,
  picture: string,
  packId: string,
  context: CommandContext,
): Promise<{ readonly prompt: PromptSource; readonly settings: GenerateSettings }> {
  const { client } = studio;
  const { sha256 } = (await studio.addImage(picture, { signal: context.signal })).image;
  const { metadata, problems } = await client.images.metadata({ sha256 });
  for (const problem of problems) context.say(problem);
  if (metadata === null || metadata.prompt === '') {
    throw new StudioError(
      'prompt-empty',
      `${picture} does not say what it was drawn from.`,
      'Read it with `dediffusion encode`, or give a text.',
    );
  }
  const { prompt: text, dialect } = metadata;
  const { document, notes } = await client.prompts.readAs({ packId, text, dialect });
  for (const note of notes) context.say(note);
  const mixed = metadata.notes.find(({ name }) => name === mixedNote);
  if (mixed !== undefined)
    context.say(`It was drawn between this text and another, which is left out: --mix-with "${mixed.value}"`);
  const { scheduler, ...settings } = settingsOf(metadata);
  const { drawer } = await client.packs.abilities({ packId });
  const isKnown = scheduler !== undefined && drawer?.schedulers.includes(scheduler) === true;
  if (metadata.sampler !== null && !isKnown) context.say(`The model has no sampler ${metadata.sampler}; its own is used.`);
  return { prompt: { type: 'document', document }, settings: isKnown ? { ...settings, scheduler } : settings };
}
