import type { Command } from 'commander';
import { z } from 'zod';
import { blendRequestSchema, blendSchema, blendedTextSchema, builtInWriter } from '../../../../contract/texts/blend.ts';
import type { Blend } from '../../../../contract/texts/blend.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import { seedSchema } from '../../../../contract/recipe.ts';
import { explainChecks } from '../../../studio.ts';
import type { Studio } from '../../../studio.ts';
import { cleanLine } from '../output/clean-line.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { addDrawingOptions, lengthOption, packOption } from '../command-options.ts';
import type { DrawingFlags } from '../command-options.ts';
import { drawBlend, likesOf, prepareDrawing } from '../draw-blend.ts';
import { blendSeveral } from './blend-several.ts';
import { followBlend } from '../follow-blend.ts';
import { findSide } from '../input/find-side.ts';
import { formatDrawn } from '../output/explain-blend.ts';
import { keepFile } from '../output/keep-file.ts';
import { makeOutFolder } from '../output/make-out-folder.ts';
import { likenessSchema } from '../measure-likeness.ts';
import { numberOption } from '../input/number-option.ts';
import { paint } from '../output/paint.ts';
import { formatRefined, refineBlend, refinedSchema } from '../refine-blend.ts';
import type { Refined } from '../refine-blend.ts';
import { UsageError } from '../usage-error.ts';

const textSchema = blendedTextSchema.omit({ document: true });
const drawnSchema = z.object({
  of: z.enum(['aPlusB', 'bPlusA']),
  file: z.string(),
  seed: seedSchema,
  /** How alike it is to A and to B by the pack's scorer; null where the pack has none. */
  likeness: z.object({ a: likenessSchema.nullable(), b: likenessSchema.nullable() }),
});
type Drawn = z.infer<typeof drawnSchema>;
/** What `blend --json` prints. `drawn` are the pictures of `--generate`, of A+B and then of B+A; `blend.json` beside them holds the same. */
export const blendOutputSchema = blendSchema.pick({ writer: true, checks: true, warnings: true }).extend({
  a: z.object({ text: z.string() }),
  b: z.object({ text: z.string() }),
  aPlusB: textSchema,
  bPlusA: textSchema,
  /** The built-in blend beside an answer that did not pass. */
  builtIn: z.object({ aPlusB: textSchema, bPlusA: textSchema }).optional(),
  /** What `--refine` changed of the texts above. */
  refined: z.array(refinedSchema).optional(),
  drawn: z.array(drawnSchema).optional(),
});
type BlendOutput = z.infer<typeof blendOutputSchema>;

interface BlendFlags extends DrawingFlags {
  readonly writer: string;
  readonly template?: string;
  readonly length?: string;
  readonly tokens?: number;
  readonly language?: string;
  readonly refine?: true;
  readonly generate?: true;
  readonly out?: string;
  readonly pack?: string;
}

export function addBlendCommand(program: Command, choose: ChooseCommand): void {
  const command = program
    .command('blend')
    .summary('two pictures or texts become one prompt')
    .description(
      "Blends two pictures through their texts: A's main object in B's scene and style, and B's in A's. Of three to six, the last gives the " +
        'style, the one before it the scene, and the others their objects; one blend begins with each.',
    )
    .argument('<a>', 'a picture, a prompt file, the id of a library item, or text:…')
    .argument('<b>', 'the other')
    .argument('[more...]', 'up to four more')
    .option('--writer <name>', 'who writes: builtin, or a connection (see `connections list`)', builtInWriter)
    .option('--template <id>', 'the template a language model is asked with')
    .addOption(lengthOption())
    .option('--tokens <n>', 'most tokens of each text', numberOption(blendRequestSchema.shape.limit.unwrap()))
    .option('--language <name>', 'the language a language model shall write in')
    .option('--refine', "let the decoder try other words for each scene that is a picture's")
    .option('--generate', 'draw the texts')
    .option('--out <folder>', 'where the pictures go');
  addDrawingOptions(command)
    .addOption(packOption())
    .action((a: string, b: string, more: string[], flags: BlendFlags) =>
      choose((context) => (more.length === 0 ? blend(a, b, flags, context) : blendMore([a, b, ...more], flags, context))),
    );
}

function checkFlags({ generate, out }: BlendFlags): void {
  if ((generate === true) !== (out !== undefined)) throw new UsageError('Give --generate and --out FOLDER together.');
  if (out !== undefined) makeOutFolder(out);
}

/** Blends of more than two are written by rules alone. */
function blendMore(names: readonly string[], flags: BlendFlags, context: CommandContext): Promise<CommandResult> {
  if (flags.writer !== builtInWriter)
    throw new UsageError('--writer: blends of more than two are written by the built-in rules.');
  if (flags.refine === true) throw new UsageError('--refine: only a blend of two is refined.');
  checkFlags(flags);
  return blendSeveral(names, flags, context);
}

async function blend(nameA: string, nameB: string, flags: BlendFlags, context: CommandContext): Promise<CommandResult> {
  checkFlags(flags);
  const studio = await context.openStudio('temporary');
  const wish = { length: flags.length === undefined ? undefined : Number(flags.length), packId: flags.pack };
  const [a, b] = [await findSide(nameA, wish, studio, context), await findSide(nameB, wish, studio, context)];
  const request: z.input<typeof blendRequestSchema> = {
    a,
    b,
    writer: flags.writer,
    ...(flags.template === undefined ? {} : { templateId: flags.template }),
    ...(flags.tokens === undefined ? {} : { limit: flags.tokens }),
    ...(flags.language === undefined ? {} : { language: flags.language }),
  };
  const written = await followBlend(studio.client, request, context);
  const { blend: result, refined } =
    flags.refine === true ? await refineBlend(studio, written, flags, context) : { blend: written, refined: undefined };
  const drawn = flags.out === undefined ? undefined : await drawBoth(studio, result, flags.out, flags, context);
  const output = toOutput(result, refined, drawn);
  if (flags.out !== undefined) await keepFile(flags.out, 'blend', '.json', Buffer.from(`${JSON.stringify(output, null, 2)}\n`));
  return { document: output, text: format(output), failed: false };
}

async function drawBoth(
  studio: Studio,
  { a, b, aPlusB, bPlusA }: Blend,
  folder: string,
  flags: BlendFlags,
  context: CommandContext,
): Promise<Drawn[]> {
  const drawing = await prepareDrawing(studio, folder, flags);
  const likes = await likesOf(studio, [a, b]);
  const draw = async (of: Drawn['of'], { document }: { document: PromptDocument }, name: string): Promise<Drawn> => {
    const { likeness, ...drawn } = await drawBlend(studio, drawing, { document, name }, likes, context);
    return { of, ...drawn, likeness: { a: likeness[0] ?? null, b: likeness[1] ?? null } };
  };
  return [await draw('aPlusB', aPlusB, 'a-plus-b'), await draw('bPlusA', bPlusA, 'b-plus-a')];
}

function toOutput(
  { a, b, aPlusB, bPlusA, writer, checks, warnings, builtIn }: Blend,
  refined: readonly Refined[] | undefined,
  drawn: Drawn[] | undefined,
): BlendOutput {
  const plain = ({ text, words }: z.infer<typeof textSchema>): z.infer<typeof textSchema> => ({ text, words });
  return {
    a: { text: a.text },
    b: { text: b.text },
    aPlusB: plain(aPlusB),
    bPlusA: plain(bPlusA),
    writer,
    checks,
    warnings,
    ...(builtIn === null ? {} : { builtIn: { aPlusB: plain(builtIn.aPlusB), bPlusA: plain(builtIn.bPlusA) } }),
    ...(refined === undefined ? {} : { refined: [...refined] }),
    ...(drawn === undefined ? {} : { drawn }),
  };
}

function format({ aPlusB, bPlusA, writer, checks, warnings, refined, drawn, builtIn }: BlendOutput): string {
  const wrong = [
    ...explainChecks(checks.aPlusB).map((one) => `A+B: ${one}`),
    ...explainChecks(checks.bPlusA).map((one) => `B+A: ${one}`),
  ];
  const lines = [
    `${paint.strong('A+B')}  ${cleanLine(aPlusB.text)}`,
    `${paint.strong('B+A')}  ${cleanLine(bPlusA.text)}`,
    paint.faint(writer === builtInWriter ? 'written by built-in rules' : `written by ${cleanLine(writer)}`),
    ...(builtIn === undefined
      ? []
      : [`By rules: A+B  ${cleanLine(builtIn.aPlusB.text)}`, `By rules: B+A  ${cleanLine(builtIn.bPlusA.text)}`]),
    ...[...wrong, ...warnings].map((line) => paint.faint(cleanLine(line))),
    ...(refined ?? []).map(formatRefined),
    ...(drawn ?? []).map(({ likeness: { a, b }, ...rest }) => formatDrawn({ ...rest, likeness: [a, b] }, ['A', 'B'])),
  ];
  return lines.join('\n');
}
