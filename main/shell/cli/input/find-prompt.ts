import { stat } from 'node:fs/promises';
import { StudioError } from '../../../../contract/errors.ts';
import { idSchema } from '../../../../contract/identity.ts';
import type { LibraryItem } from '../../../../contract/library.ts';
import type { StudioClient } from '../../../../contract/methods.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import type { Studio } from '../../../studio.ts';
import { askReader, chooseLength } from './choose-length.ts';
import { choosePack } from './choose-pack.ts';
import type { CommandContext } from '../command-context.ts';
import { runJob } from '../run-job.ts';

export interface PromptWish {
  readonly length: number | undefined;
  readonly packId: string | undefined;
}

export interface FoundPrompt {
  readonly client: StudioClient;
  readonly document: PromptDocument;
}

/**
 * The prompt behind a picture file or a library item: a file is read anew; a prompt is itself; a generated picture has the
 * prompt it was drawn from; a picture has its newest text, of the length asked for.
 * @throws StudioError `not-found` for neither file nor item, and for a picture of the library that was never read
 */
export async function findPrompt(source: string, wish: PromptWish, context: CommandContext): Promise<FoundPrompt> {
  const facts = await stat(source).catch(() => null);
  if (facts === null && idSchema.safeParse(source).success) {
    const { client } = await context.openStudio('look');
    return { client, document: await promptOfItem(client, source, wish) };
  }
  const studio = await context.openStudio('temporary');
  return { client: studio.client, document: await readPicture(studio, source, wish, context) };
}

/** Reads a picture file anew. */
export async function readPicture(
  studio: Studio,
  path: string,
  wish: PromptWish,
  context: CommandContext,
): Promise<PromptDocument> {
  const manifest = await choosePack(studio.client, wish.packId, ['encoder']);
  const length = chooseLength(await askReader(studio.client, manifest.id), wish.length);
  const { sha256 } = (await studio.addImage(path)).image;
  const request = { kind: 'encode' as const, packId: manifest.id, imageSha256s: [sha256], lengths: [length] };
  const [encoded] = (await runJob(studio.client, request, '', context)).images;
  if (encoded?.error) throw StudioError.fromBody(encoded.error);
  const document = encoded?.documents[0]?.document;
  if (document === undefined) throw new Error('a finished job without a text');
  return document;
}

async function promptOfItem(client: StudioClient, itemId: string, wish: PromptWish): Promise<PromptDocument> {
  const { item, ancestors, descendants } = await client.library.lineage({ itemId });
  if (item.kind === 'prompt') return readDocument(client, item.id);
  const related = item.kind === 'generation' ? ancestors : descendants.filter((other) => other.parents.includes(item.id));
  const prompt = related.filter((other) => isPromptOf(other, wish)).at(-1);
  if (prompt !== undefined) return readDocument(client, prompt.id);
  if (item.kind === 'generation') {
    const { recipe } = item;
    return client.prompts.create({ ...(recipe.kind === 'local' ? { packId: recipe.pack.id } : {}), text: recipe.text });
  }
  throw new StudioError(
    'not-found',
    `The picture ${itemId} has no text${wish.length === undefined ? '' : ` of ${wish.length} tokens`} in the library.`,
    'Export the picture file itself, or read it first with `dediffusion encode --save`.',
    { itemId },
  );
}

function isPromptOf(item: LibraryItem, wish: PromptWish): boolean {
  return item.kind === 'prompt' && (wish.length === undefined || item.prompt.length === wish.length);
}

/** Lists leave the slots out; the whole item has them. */
async function readDocument(client: StudioClient, itemId: string): Promise<PromptDocument> {
  const item = await client.library.get({ itemId });
  if (item.kind !== 'prompt') throw new Error(`item ${itemId} is a ${item.kind}, not a prompt`);
  return item.prompt;
}
