import { z } from 'zod';
import type { Blend } from '../../../contract/texts/blend.ts';
import { originOf } from '../../../contract/texts/prompt.ts';
import type { PromptComparison, PromptDocument } from '../../../contract/texts/prompt.ts';
import { searchLossSchema } from '../../../contract/texts/reader-choice.ts';
import { usualRefineBudget } from '../../../contract/texts/refine-blend.ts';
import { visibleWords } from '../../../contract/texts/words.ts';
import type { Studio } from '../../studio.ts';
import type { CommandContext } from './command-context.ts';
import { cleanLine } from './output/clean-line.ts';
import { paint } from './output/paint.ts';
import { runJob } from './run-job.ts';
import { UsageError } from './usage-error.ts';

/** What refining one of the two texts changed. */
export const refinedSchema = z.object({
  of: z.enum(['aPlusB', 'bPlusA']),
  /** The text as it was written. */
  before: z.string(),
  removed: z.array(z.string()),
  inserted: z.array(z.string()),
  /** On the scene's picture outside of both objects; lower is better. */
  loss: searchLossSchema,
});
export type Refined = z.infer<typeof refinedSchema>;

export interface RefineFlags {
  readonly seed?: number | undefined;
  readonly pack?: string | undefined;
}

const isRead = ({ sources }: PromptDocument): boolean => sources.some(({ type }) => type === 'reading');

/**
 * The blend with its scenes refined by the decoder, where they were read from a picture, and what that changed.
 *
 * @throws UsageError where neither source is a picture; StudioError as the job does
 */
export async function refineBlend(
  studio: Studio,
  blend: Blend,
  { seed = 0, pack }: RefineFlags,
  context: CommandContext,
): Promise<{ readonly blend: Blend; readonly refined: readonly Refined[] }> {
  const { a, b } = blend;
  const orders = [
    { of: 'aPlusB', object: a.document, scene: b.document },
    { of: 'bPlusA', object: b.document, scene: a.document },
  ] as const;
  const readable = orders.filter(({ scene }) => isRead(scene));
  if (readable.length === 0) throw new UsageError('--refine: a scene has to be a picture.');
  let refinedBlend = blend;
  const refined: Refined[] = [];
  for (const { of, object: objectDocument, scene: sceneDocument } of readable) {
    const { text: before, document } = blend[of];
    const request = {
      ...{ kind: 'refine-blend' as const, document, objectDocument, sceneDocument, budget: usualRefineBudget, seed },
      ...(pack === undefined ? {} : { packId: pack }),
    };
    const result = await runJob(studio.client, request, `refine ${of}`, context);
    const { text } = await studio.client.prompts.inspect({ document: result.document });
    const words = visibleWords(result.document.slots).map(({ text: word, slotIndices: [at = 0] }) => {
      const slot = result.document.slots[at];
      return { text: word, origin: slot === undefined ? ('language' as const) : originOf(result.document, slot) };
    });
    refinedBlend = {
      ...refinedBlend,
      [of]: { text, words, document: result.document },
      checks: { ...refinedBlend.checks, [of]: result.checks },
    };
    refined.push({ of, before, ...listChanges(document, result.document, result.comparison), loss: result.loss });
  }
  return { blend: refinedBlend, refined };
}

function listChanges(
  before: PromptDocument,
  after: PromptDocument,
  { tokens }: PromptComparison,
): Pick<Refined, 'removed' | 'inserted'> {
  const textAt = ({ slots }: PromptDocument, at: number | null): string[] => {
    const text = at === null ? undefined : slots[at]?.text;
    return text === undefined ? [] : [text];
  };
  return {
    removed: tokens.flatMap((token) => (token.change === 'removed' ? textAt(before, token.before) : [])),
    inserted: tokens.flatMap((token) => (token.change === 'inserted' ? textAt(after, token.after) : [])),
  };
}

/** What refining changed, in one line. */
export function formatRefined({ of, removed, inserted, loss }: Refined): string {
  const name = of === 'aPlusB' ? 'A+B' : 'B+A';
  const changes = removed.length + inserted.length === 0 ? 'nothing changed' : `${removed.join(' ')} → ${inserted.join(' ')}`;
  const figures = `loss ${loss.before.toFixed(4)} → ${loss.after.toFixed(4)}, ${loss.evaluations} asked`;
  return `${paint.faint(`refined ${name}`)}  ${cleanLine(changes)}  ${paint.faint(figures)}`;
}
