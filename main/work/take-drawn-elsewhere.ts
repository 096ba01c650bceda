import type { z } from 'zod';
import type { drawnElsewhereSchema, TakenElsewhere } from '../../contract/drawn-elsewhere.ts';
import { StudioError } from '../../contract/errors.ts';
import type { LibraryItem } from '../../contract/library.ts';
import { recipeVersion } from '../../contract/recipe.ts';
import type { ToolRecipe } from '../../contract/recipe.ts';
import type { PictureMetadata } from '../../contract/texts/metadata.ts';
import type { GenerationItem } from '../library/library.ts';
import { isGrid, splitGrid } from '../image/split-grid.ts';
import { matchPrompt } from '../prompt/match-prompt.ts';
import type { PictureSigns } from '../prompt/match-prompt.ts';
import type { JobServices } from '../services/job-services.ts';
import { saveGeneration } from './save-generation.ts';

type Services = Pick<JobServices, 'library' | 'pictures' | 'versions' | 'settings' | 'tokenizers' | 'packs'>;
type PromptItem = Extract<LibraryItem, { readonly kind: 'prompt' }>;

/** Texts that a picture is looked for among: the newest. */
const mostTexts = 5_000;
const textsAtOnce = 500;

function listTexts({ library }: Services): PromptItem[] {
  const found: PromptItem[] = [];
  let after: string | undefined;
  do {
    const query = { text: '', kinds: ['prompt' as const], trashed: false, limit: textsAtOnce };
    const page = library.queryItems({ ...query, ...(after === undefined ? {} : { after }) });
    found.push(...page.items.filter((item) => item.kind === 'prompt'));
    after = page.next ?? undefined;
  } while (after !== undefined && found.length < mostTexts);
  return found;
}

function findNamed({ library }: Services, promptItemId: string): PromptItem {
  const item = library.getItem(promptItemId);
  if (item.kind === 'prompt') return item;
  throw new StudioError('bad-request', 'That is no text.', 'Choose a text of the library.', { itemId: promptItemId });
}

function toRecipe(text: string, metadata: PictureMetadata | null, file: string, quarter: number | null): ToolRecipe {
  return {
    ...{ schemaVersion: recipeVersion, kind: 'tool', tool: 'midjourney', host: 'midjourney.com' },
    model: metadata?.version == null ? 'Midjourney' : `Midjourney ${metadata.version}`,
    text,
    parameters: metadata === null ? {} : { prompt: metadata.prompt },
    answer: {
      ...{ file, ...(quarter === null ? {} : { quarter: quarter + 1 }) },
      ...Object.fromEntries((metadata?.notes ?? []).map(({ name, value }) => [name, value])),
    },
    seed: metadata?.seed == null ? null : Number(metadata.seed),
    init: null,
  };
}

/** A picture that a person brought from a tool, and what it says of the text it was drawn from. */
export interface BroughtPicture {
  readonly item: Extract<LibraryItem, { readonly kind: 'picture' }>;
  /** What the tool wrote into it; null where it wrote nothing. */
  readonly own: PictureMetadata | null;
  readonly signs: PictureSigns;
}

/**
 * @param brought the item, and the name of its file where that is another than the item's title
 * @throws StudioError `bad-request` for what is no picture; as the library does
 */
export async function readBrought(
  services: Services,
  { itemId, name }: { readonly itemId: string; readonly name?: string | undefined },
  signal: AbortSignal,
): Promise<BroughtPicture> {
  const { library, pictures } = services;
  const item = library.getItem(itemId);
  if (item.kind !== 'picture') {
    throw new StudioError('bad-request', 'That is no picture from elsewhere.', 'Choose one that came from a file.', { itemId });
  }
  const { metadata } = await pictures.readMetadata(library.getImagePath(item.image.sha256), { name: item.title, signal });
  const own = metadata?.writer === 'midjourney' ? metadata : null;
  return { item, own, signs: { name: name ?? item.title, embedded: own?.prompt ?? null } };
}

/** How a picture that was brought is kept. */
export interface KeepBrought {
  /** What it was drawn from. */
  readonly text: string;
  readonly parents: readonly string[];
  readonly cut: z.infer<typeof drawnElsewhereSchema>['cut'];
}

/**
 * Keeps a picture as a drawing, or, where it is four, its parts row by row; the picture itself goes to the trash. Done again, it gives the
 * same.
 *
 * @throws StudioError `bad-request` for one that cannot be cut; as the library does
 */
export async function keepBrought(
  services: Services,
  { item, own }: BroughtPicture,
  { text, parents, cut }: KeepBrought,
  signal: AbortSignal,
): Promise<GenerationItem[]> {
  const { library, pictures } = services;
  const { width, height, sha256 } = item.image;
  const size = { width, height, resample: 'bicubic', fit: 'stretch' } as const;
  const whole = await pictures.fit(library.getImagePath(sha256), size, { name: item.title, signal });
  const isCut = cut === 'grid' || (cut === 'auto' && isGrid(whole));
  if (isCut && (width % 2 !== 0 || height % 2 !== 0)) {
    throw new StudioError('bad-request', `${item.title} cannot be cut in four.`, 'Take it whole.', { width, height });
  }
  const items: GenerationItem[] = [];
  for (const [at, pixels] of (isCut ? splitGrid(whole) : [whole]).entries()) {
    const png = await pictures.encodePng(pixels, { signal });
    const recipe = toRecipe(text, own, item.title, isCut ? at : null);
    const origin = { parents, boards: item.boards, reuseSinceMs: 0 };
    items.push(await saveGeneration(services, { png, seed: recipe.seed ?? 0, recipe, fidelity: null }, origin));
  }
  await library.updateItem(item.id, { trashed: true });
  return items;
}

/**
 * Takes a picture for what another tool drew of one of the library's texts.
 *
 * @throws StudioError `not-found` where no text is known; as `keepBrought` and the library do
 */
export async function takeDrawnElsewhere(
  services: Services,
  brought: BroughtPicture,
  { cut, promptItemId }: Pick<z.infer<typeof drawnElsewhereSchema>, 'cut' | 'promptItemId'>,
  signal: AbortSignal,
): Promise<TakenElsewhere> {
  const { item, own, signs } = brought;
  const matched =
    promptItemId === undefined
      ? matchPrompt(signs, listTexts(services))
      : { candidate: findNamed(services, promptItemId), by: 'person' as const };
  const text = matched?.candidate.text ?? own?.prompt;
  if (text === undefined) {
    const hint = 'Name the text it was drawn from.';
    throw new StudioError('not-found', `No text of the library fits ${item.title}.`, hint, { itemId: item.id });
  }
  const items = await keepBrought(
    services,
    brought,
    { text, parents: matched === null ? [] : [matched.candidate.id], cut },
    signal,
  );
  const prompt = matched === null ? null : { itemId: matched.candidate.id, text: matched.candidate.text, by: matched.by };
  return { prompt, items };
}
