import type { Command } from 'commander';
import { z } from 'zod';
import { blendRequestSchema, blendSchema, blendedTextSchema, builtInWriter } from '../../../../contract/blend.ts';
import type { Blend, BlendChecks } from '../../../../contract/blend.ts';
import type { PromptDocument } from '../../../../contract/prompt.ts';
import type { StudioClient } from '../../../../contract/methods.ts';
import type { Studio } from '../../../studio.ts';
import { choosePack } from '../input/choose-pack.ts';
import { cleanLine } from '../output/clean-line.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { addDrawingOptions, lengthOption, packOption, toSettings } from '../command-options.ts';
import type { DrawingFlags } from '../command-options.ts';
import { findSide } from '../input/find-side.ts';
import { keepPictures } from '../output/keep-pictures.ts';
import { makeOutFolder } from '../output/make-out-folder.ts';
import { numberOption } from '../input/number-option.ts';
import { paint } from '../output/paint.ts';
import { runJob } from '../run-job.ts';
import { UsageError } from '../usage-error.ts';

const textSchema = blendedTextSchema.omit({ document: true });
/** What `blend --json` prints. `files` are the pictures of `--generate`: of A+B, then of B+A. */
export const blendOutputSchema = blendSchema.pick({ writer: true, checks: true, warnings: true }).extend({
  a: z.object({ text: z.string() }),
  b: z.object({ text: z.string() }),
  aPlusB: textSchema,
  bPlusA: textSchema,
  /** The built-in blend beside an answer that did not pass. */
  builtIn: z.object({ aPlusB: textSchema, bPlusA: textSchema }).optional(),
  files: z.array(z.string()).optional(),
});
type BlendOutput = z.infer<typeof blendOutputSchema>;

interface BlendFlags extends DrawingFlags {
  readonly writer: string;
  readonly template?: string;
  readonly length?: string;
  readonly tokens?: number;
  readonly language?: string;
  readonly generate?: true;
  readonly out?: string;
  readonly pack?: string;
}

export function addBlendCommand(program: Command, choose: ChooseCommand): void {
  const command = program
    .command('blend')
    .summary('two pictures or texts become one prompt')
    .description("Blends two pictures through their texts: A's main object in B's scene and style, and B's in A's.")
    .argument('<a>', 'a picture, a prompt file, the id of a library item, or text:…')
    .argument('<b>', 'the other')
    .option('--writer <name>', 'who writes: builtin, or a connection (see `connections list`)', builtInWriter)
    .option('--template <id>', 'the template a language model is asked with')
    .addOption(lengthOption())
    .option('--tokens <n>', 'most tokens of each text', numberOption(blendRequestSchema.shape.limit.unwrap()))
    .option('--language <name>', 'the language a language model shall write in')
    .option('--generate', 'draw both texts')
    .option('--out <folder>', 'where the pictures go');
  addDrawingOptions(command)
    .addOption(packOption())
    .action((a: string, b: string, flags: BlendFlags) => choose((context) => blend(a, b, flags, context)));
}

async function blend(nameA: string, nameB: string, flags: BlendFlags, context: CommandContext): Promise<CommandResult> {
  if ((flags.generate === true) !== (flags.out !== undefined)) throw new UsageError('Give --generate and --out FOLDER together.');
  if (flags.out !== undefined) makeOutFolder(flags.out);
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
  const result = await follow(studio.client, request, context);
  const files = flags.out === undefined ? undefined : await drawBoth(studio, result, flags.out, flags, context);
  const output = toOutput(result, files);
  return { document: output, text: format(output), failed: false };
}

async function follow(
  client: StudioClient,
  request: z.input<typeof blendRequestSchema>,
  context: CommandContext,
): Promise<Blend> {
  const events = await client.language.blend(request, { signal: context.signal });
  for await (const event of events) if (event.type === 'done') return event.blend;
  context.signal.throwIfAborted();
  throw new Error('a blend that ended without a result');
}

async function drawBoth(
  studio: Studio,
  { aPlusB, bPlusA }: Blend,
  folder: string,
  flags: BlendFlags,
  context: CommandContext,
): Promise<string[]> {
  const { id: packId } = await choosePack(studio.client, flags.pack, ['decoder']);
  const draw = async (document: PromptDocument, name: string): Promise<string[]> => {
    const prompt = { type: 'document' as const, document };
    const request = { kind: 'generate' as const, packId, prompt, settings: toSettings(flags, undefined), parents: [] };
    const result = await runJob(studio.client, request, name, context);
    return (await keepPictures(studio, result.items, folder, name)).map(({ path }) => path);
  };
  return [...(await draw(aPlusB.document, 'a-plus-b')), ...(await draw(bPlusA.document, 'b-plus-a'))];
}

function toOutput({ a, b, aPlusB, bPlusA, writer, checks, warnings, builtIn }: Blend, files: string[] | undefined): BlendOutput {
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
    ...(files === undefined ? {} : { files }),
  };
}

const explain = ({ subject, setting, repeats, glued, echo, fits }: BlendChecks): string[] => [
  ...(subject ? [] : ['the main object is not there']),
  ...(setting ? [] : ['the scene is not there']),
  ...(repeats.length === 0 ? [] : [`said again: ${repeats.join(', ')}`]),
  ...(glued.length === 0 ? [] : [`no words: ${glued.join(', ')}`]),
  ...(echo ? ['it only says one of the texts again'] : []),
  ...(fits ? [] : ['it is too long']),
];

function format({ aPlusB, bPlusA, writer, checks, warnings, files, builtIn }: BlendOutput): string {
  const wrong = [...explain(checks.aPlusB).map((one) => `A+B: ${one}`), ...explain(checks.bPlusA).map((one) => `B+A: ${one}`)];
  const lines = [
    `${paint.strong('A+B')}  ${cleanLine(aPlusB.text)}`,
    `${paint.strong('B+A')}  ${cleanLine(bPlusA.text)}`,
    paint.faint(writer === builtInWriter ? 'written by built-in rules' : `written by ${cleanLine(writer)}`),
    ...(builtIn === undefined
      ? []
      : [`By rules: A+B  ${cleanLine(builtIn.aPlusB.text)}`, `By rules: B+A  ${cleanLine(builtIn.bPlusA.text)}`]),
    ...[...wrong, ...warnings].map((line) => paint.faint(cleanLine(line))),
    ...(files ?? []).map(cleanLine),
  ];
  return lines.join('\n');
}
