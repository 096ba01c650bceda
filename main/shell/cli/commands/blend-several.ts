import { z } from 'zod';
import { severalSchema } from '../../../../contract/texts/blend.ts';
import type { BlendSource } from '../../../../contract/texts/blend.ts';
import { seedSchema } from '../../../../contract/recipe.ts';
import { explainChecks } from '../../../studio.ts';
import type { CommandContext, CommandResult } from '../command-context.ts';
import type { DrawingFlags } from '../command-options.ts';
import { drawBlend, likesOf, prepareDrawing } from '../draw-blend.ts';
import { findSide } from '../input/find-side.ts';
import { likenessSchema } from '../measure-likeness.ts';
import { cleanLine } from '../output/clean-line.ts';
import { formatDrawn } from '../output/explain-blend.ts';
import { keepFile } from '../output/keep-file.ts';
import { paint } from '../output/paint.ts';

const drawnSchema = z.object({
  file: z.string(),
  seed: seedSchema,
  /** How alike it is to each source by the pack's scorer; null where the pack has none. */
  likeness: z.array(likenessSchema.nullable()),
});
/** What `blend --json` prints of more than two. */
export const blendSeveralOutputSchema = z.object({
  sources: z.array(z.object({ text: z.string() })),
  blends: z.array(severalSchema.shape.blends.element.omit({ document: true }).extend({ drawn: drawnSchema.optional() })),
  warnings: z.array(z.string()),
});
type Output = z.infer<typeof blendSeveralOutputSchema>;

interface SeveralFlags extends DrawingFlags {
  readonly length?: string;
  readonly tokens?: number;
  readonly out?: string;
  readonly pack?: string;
}

/** Blends of three to six sources, one that begins with each; drawn where a folder is named. */
export async function blendSeveral(
  names: readonly string[],
  flags: SeveralFlags,
  context: CommandContext,
): Promise<CommandResult> {
  const studio = await context.openStudio('temporary');
  const wish = { length: flags.length === undefined ? undefined : Number(flags.length), packId: flags.pack };
  const given: BlendSource[] = [];
  for (const name of names) given.push(await findSide(name, wish, studio, context));
  const limit = flags.tokens === undefined ? {} : { limit: flags.tokens };
  const { sources, blends, warnings } = await studio.client.language.blendSeveral({ sources: given, ...limit });
  const output: Output = { sources: sources.map(({ text }) => ({ text })), blends: [], warnings };
  const drawing = flags.out === undefined ? null : await prepareDrawing(studio, flags.out, flags);
  const likes = drawing === null ? [] : await likesOf(studio, sources);
  for (const [at, { document, ...blend }] of blends.entries()) {
    if (drawing === null) output.blends.push(blend);
    else {
      const drawn = await drawBlend(studio, drawing, { document, name: `blend-${at + 1}` }, likes, context);
      output.blends.push({ ...blend, drawn: { ...drawn, likeness: [...drawn.likeness] } });
    }
  }
  if (flags.out !== undefined) await keepFile(flags.out, 'blend', '.json', Buffer.from(`${JSON.stringify(output, null, 2)}\n`));
  return { document: output, text: format(output), failed: false };
}

const nameOf = (place: number): string => 'ABCDEF'.charAt(place);

function format({ sources, blends, warnings }: Output): string {
  const names = sources.map((_, place) => nameOf(place));
  const lines = blends.flatMap(({ objects, scene, look, text, checks, drawn }) => [
    `${paint.strong([...objects, scene, look].map(nameOf).join('+'))}  ${cleanLine(text)}`,
    ...explainChecks(checks).map((one) => paint.faint(one)),
    ...(drawn === undefined ? [] : [formatDrawn(drawn, names)]),
  ]);
  return [...lines, paint.faint('written by built-in rules'), ...warnings.map((line) => paint.faint(cleanLine(line)))].join('\n');
}
