import { z } from 'zod';
import { StudioError } from '../../../contract/errors.ts';
import type { SimilarTo } from '../../../contract/library.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import { toStudioError } from './to-studio-error.ts';

/** How alike two things are by a pack's scorer. Two pictures have higher scores than a picture and a text: the two are not to be laid side by side. */
export const likenessSchema = z.object({ score: z.number(), with: z.enum(['picture', 'text']) });
export type Likeness = z.infer<typeof likenessSchema>;

/** The scorer looks at pictures while somebody keeps asking. */
const mostAsked = 600;
const mostText = 1_000;

async function holds(client: StudioClient, sha256: string): Promise<boolean> {
  try {
    await client.images.info({ sha256 });
    return true;
  } catch (cause) {
    if (toStudioError(cause)?.code === 'not-found') return false;
    throw cause;
  }
}

/** What a drawing is compared with: the picture that the text was read from, where this library has it, or else the text; null for neither. */
export async function likeOf(
  client: StudioClient,
  { text, document }: { readonly text: string; readonly document: PromptDocument },
): Promise<SimilarTo | null> {
  const picture = document.sources.find((source) => source.type === 'reading')?.imageSha256 ?? null;
  if (picture !== null && (await holds(client, picture))) return { type: 'image', sha256: picture };
  const short = text.trim().slice(0, mostText);
  return short === '' ? null : { type: 'text', text: short };
}

/**
 * How alike a drawn picture is to a picture or a text: the cosine of the pack's scorer, −1..1.
 *
 * @throws StudioError as `library.similar` does
 */
export async function measureLikeness(
  client: StudioClient,
  like: SimilarTo,
  drawn: { readonly id: string; readonly createdMs: number },
  scorerPackId: string,
  signal: AbortSignal,
): Promise<Likeness> {
  // Of all the library only what was drawn in that moment is meant.
  const moment = { kinds: ['generation' as const], createdFromMs: drawn.createdMs, createdBeforeMs: drawn.createdMs + 1 };
  for (let asked = 0; asked < mostAsked; asked += 1) {
    const { rows } = await client.library.similar({ like, ...moment, scorerPackId, limit: 1000 }, { signal });
    const own = rows.find(({ id }) => id === drawn.id);
    if (own !== undefined) return { score: own.score, with: like.type === 'text' ? 'text' : 'picture' };
  }
  const hint = 'Try again, or draw without comparing.';
  throw new StudioError('image-unreadable', 'The scorer could not read a picture that was just drawn.', hint, {
    itemId: drawn.id,
  });
}
