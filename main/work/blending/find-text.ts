import type { BlendSource } from '../../../contract/texts/blend.ts';
import { StudioError } from '../../../contract/errors.ts';
import type { LibraryItem } from '../../../contract/library.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import { createPrompt } from '../../prompt/create-prompt.ts';
import { createId } from '../../storage/create-id.ts';
import type { JobServices } from '../../services/job-services.ts';

/**
 * The text that is meant: a document as it is, a text as one, an item's own. A generated picture has the text it was drawn from, a picture
 * its newest.
 *
 * @throws StudioError `not-found` for an item that is not there, or a picture that was never read; as createPrompt does
 */
export async function findText(services: JobServices, source: BlendSource): Promise<PromptDocument> {
  switch (source.type) {
    case 'document':
      return source.document;
    case 'text':
      return createFrom(services, source.text, services.defaultPackId());
    case 'item':
      return textOfItem(services, source.itemId);
  }
}

async function createFrom({ packs, tokenizers, clock }: JobServices, text: string, packId: string): Promise<PromptDocument> {
  return createPrompt({ id: createId(clock()), packId, text }, await tokenizers.takeById(packId, packs));
}

async function textOfItem(services: JobServices, itemId: string): Promise<PromptDocument> {
  const { library } = services;
  const { item, ancestors, descendants } = library.getLineage(itemId);
  if (item.kind === 'prompt') return promptOf(library.getItem(itemId));
  const related = item.kind === 'generation' ? ancestors : descendants.filter(({ parents }) => parents.includes(itemId));
  const newest = related.filter(({ kind, trashed }) => kind === 'prompt' && !trashed).at(-1);
  // Lists leave the slots out; the whole item has them.
  if (newest !== undefined) return promptOf(library.getItem(newest.id));
  if (item.kind === 'generation') {
    const { recipe } = item;
    return createFrom(services, recipe.text, recipe.kind === 'local' ? recipe.pack.id : services.defaultPackId());
  }
  throw new StudioError('not-found', 'This picture has no text yet.', 'Read it first.', { itemId });
}

function promptOf(item: LibraryItem): PromptDocument {
  if (item.kind === 'prompt') return item.prompt;
  throw new Error(`item ${item.id} is a ${item.kind}, not a prompt`);
}
