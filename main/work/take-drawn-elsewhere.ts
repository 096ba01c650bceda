import type { z } from 'zod';
import type { drawnElsewhereSchema, TakenElsewhere } from '../../contract/drawn-elsewhere.ts';
import { StudioError } from '../../contract/errors.ts';
import type { LibraryItem } from '../../contract/library.ts';
import { recipeVersion } from '../../contract/recipe.ts';
import type { ToolRecipe } from '../../contract/recipe.ts';
import type { PictureMetadata } from '../../contract/texts/metadata.ts';
import { isGrid, splitGrid } from '../image/split-grid.ts';
import { matchPrompt } from '../prompt/match-prompt.ts';
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

/**
 * Takes a picture of the library for what another tool drew of one of its texts: a grid of four is cut, each part is kept as a drawing that
 * comes from the text, and the picture itself goes to the trash. Done again, it gives the same.
 *
 * @throws StudioError `bad-request` for what is no picture, `not-found` where no text is known; as the library does
 */
export async function takeDrawnElsewhere(
  services: Services,
  { itemId, cut, promptItemId }: z.infer<typeof drawnElsewhereSchema>,
  signal: AbortSignal,
): Promise<TakenElsewhere> {
  const { library, pictures } = services;
  const item = library.getItem(itemId);
  if (item.kind !== 'picture') {
    throw new StudioError('bad-request', 'That is no picture from elsewhere.', 'Choose one that came from a file.', { itemId });
  }
  const path = library.getImagePath(item.image.sha256);
  const options = { name: item.title, signal };
  const { metadata } = await pictures.readMetadata(path, options);
  const own = metadata?.writer === 'midjourney' ? metadata : null;
  const signs = { name: item.title, embedded: own?.prompt ?? null };
  const matched =
    promptItemId === undefined
      ? matchPrompt(signs, listTexts(services))
      : { candidate: findNamed(services, promptItemId), by: 'person' as const };
  const text = matched?.candidate.text ?? own?.prompt;
  if (text === undefined) {
    const hint = 'Name the text it was drawn from.';
    throw new StudioError('not-found', `No text of the library fits ${item.title}.`, hint, { itemId });
  }
  const { width, height } = item.image;
  const whole = await pictures.fit(path, { width, height, resample: 'bicubic', fit: 'stretch' }, options);
  const isCut = cut === 'grid' || (cut === 'auto' && isGrid(whole));
  if (isCut && (width % 2 !== 0 || height % 2 !== 0)) {
    throw new StudioError('bad-request', `${item.title} cannot be cut in four.`, 'Take it whole.', { width, height });
  }
  const items: LibraryItem[] = [];
  for (const [at, pixels] of (isCut ? splitGrid(whole) : [whole]).entries()) {
    const png = await pictures.encodePng(pixels, { signal });
    const recipe = toRecipe(text, own, item.title, isCut ? at : null);
    const origin = { parents: matched === null ? [] : [matched.candidate.id], boards: item.boards, reuseSinceMs: 0 };
    items.push(await saveGeneration(services, { png, seed: recipe.seed ?? 0, recipe, fidelity: null }, origin));
  }
  await library.updateItem(itemId, { trashed: true });
  const prompt = matched === null ? null : { itemId: matched.candidate.id, text: matched.candidate.text, by: matched.by };
  return { prompt, items };
}
