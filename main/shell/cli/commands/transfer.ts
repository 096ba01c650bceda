import { isDeepStrictEqual } from 'node:util';
import { Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import type { StudioClient } from '../../../../contract/methods.ts';
import { transferCellSchema, transferOrderSchema, transferRatingSchema } from '../../../../contract/transfer.ts';
import type { Transfer, TransferOrder } from '../../../../contract/transfer.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { addDrawingOptions, packOption, toSettings } from '../command-options.ts';
import type { DrawingFlags } from '../command-options.ts';
import { followTransfer } from '../follow-transfer.ts';
import { imageErrorSchema } from '../image-error.ts';
import { bringPictures } from '../input/bring-pictures.ts';
import { numberOption } from '../input/number-option.ts';
import { findTransferRows, rowChoices } from '../input/transfer-rows.ts';
import type { RowChoice } from '../input/transfer-rows.ts';
import { checkKinds, parseTools } from '../input/transfer-tools.ts';
import type { NamedTools } from '../input/transfer-tools.ts';
import { cleanLine } from '../output/clean-line.ts';
import { formatTable } from '../output/format-table.ts';
import { makeOutFolder } from '../output/make-out-folder.ts';
import { paint } from '../output/paint.ts';
import { nameColumn, writeHandedOut, writeTransfer } from '../output/write-transfer.ts';
import { UsageError } from '../usage-error.ts';

/** Nothing is under way any more. */
const endedCellSchema = transferCellSchema.omit({ progress: true });

/** What `transfer --json` prints. */
export const transferOutputSchema = z.object({
  transferId: z.string(),
  rows: z.array(
    z.object({
      name: z.string(),
      text: z.string(),
      comparedWith: z.enum(['picture', 'text']),
      rating: transferRatingSchema.nullable(),
    }),
  ),
  /** As they are named with --to. */
  tools: z.array(z.string()),
  seeds: z.array(z.number().int()),
  /** `row`, `column` and `seedIndex` are places in the lists above. */
  cells: z.array(endedCellSchema.extend({ picture: z.string().nullable() })),
  /** Pictures that an earlier run had drawn. */
  kept: z.number().int(),
  files: z.array(z.string()),
  /** Pictures of --pictures that went to no place, and why. */
  errors: z.array(imageErrorSchema),
});
type Output = z.infer<typeof transferOutputSchema>;

interface TransferFlags extends DrawingFlags {
  readonly to: NamedTools;
  readonly rows: RowChoice;
  readonly caption?: string;
  readonly seeds: number;
  readonly out: string;
  readonly pack?: string;
  readonly anew?: true;
  readonly payAgain?: true;
  readonly pictures?: string;
  readonly watch?: true;
}

/** Another run draws the same, and so goes on where one ended. */
const DEFAULT_SEED = 1;

export function addTransferCommand(program: Command, choose: ChooseCommand): void {
  const command = program
    .command('transfer')
    .summary('one prompt drawn by several tools, side by side and compared')
    .description(
      'Draws prompts with several tools and says how alike each picture is to the original, as a table (transfer.csv), a page that ' +
        'needs no other file (transfer.html) and one picture (transfer.png). It is kept in your library: the same command goes on ' +
        'where an earlier one ended, and draws nothing twice. For Midjourney the texts lie in midjourney.txt: paste them there, save ' +
        'the pictures into a folder, and name it with --pictures.',
    )
    .argument('<source...>', 'a picture, the id of a library item, or text:…; several are more rows')
    .requiredOption(
      '--to <tools>',
      'local:<model>, <connection>, <kind>:<connection> or midjourney, with commas between; connections with + share a column',
      parseTools,
    )
    .addOption(
      new Option(
        '--rows <what>',
        'a picture’s texts of every length, a text beside its caption, or all texts the library has of it',
      )
        .choices(rowChoices)
        .default('lengths'),
    )
    .option('--caption <text>', 'the caption for --rows caption; absent: one is written from the text')
    .option('--seeds <n>', 'how many seeds each prompt is drawn with', numberOption(transferOrderSchema.shape.seeds.unwrap()), 1)
    .requiredOption('--out <folder>', 'where it goes')
    .option('--pictures <folder>', 'where the pictures lie that Midjourney drew of midjourney.txt')
    .option('--watch', 'wait for pictures there until none is missing, or you press Ctrl+C')
    .option('--pay-again', 'also draw again what a service was drawing when it was broken off, and which may be paid')
    .option('--anew', 'draw everything again, whatever an earlier run drew');
  addDrawingOptions(command)
    .addOption(packOption())
    .action((sources: string[], flags: TransferFlags) => choose((context) => transfer(sources, flags, context)));
}

async function transfer(sources: readonly string[], flags: TransferFlags, context: CommandContext): Promise<CommandResult> {
  if (flags.caption !== undefined && flags.rows !== 'caption') throw new UsageError('--caption is for --rows caption.');
  if (flags.watch === true && flags.pictures === undefined) throw new UsageError('--watch is for --pictures.');
  if (flags.pictures !== undefined && !flags.to.tools.some(({ type }) => type === 'midjourney')) {
    throw new UsageError('--pictures is for --to midjourney.');
  }
  makeOutFolder(flags.out);
  // What a tool drew may have been paid, and a grid that was interrupted goes on: both are the library's own affair.
  const studio = await context.openStudio('own');
  const { client } = studio;
  checkKinds(flags.to, await client.connections.list());
  const wish = { rows: flags.rows, packId: flags.pack, caption: flags.caption };
  const rows = [];
  for (const source of sources) {
    const found = await findTransferRows(source, wish, studio, context);
    const named = sources.length === 1 ? found : found.map((row) => ({ ...row, name: nameIn(source, row.name) }));
    rows.push(...named);
  }
  const order = transferOrderSchema.parse({
    name: cleanLine(sources.join(', ')).slice(0, 200),
    ...{
      rows,
      tools: flags.to.tools,
      seeds: flags.seeds,
      settings: toSettings({ ...flags, seed: flags.seed ?? DEFAULT_SEED }, undefined),
    },
    ...(flags.pack === undefined ? {} : { scorerPackId: flags.pack }),
  });
  const earlier = flags.anew === true ? null : await findEarlier(order, client);
  const kept = earlier?.counts.done ?? 0;
  const begun = earlier === null ? await client.transfers.create(order) : await goOn(earlier, flags, client);
  let done = await followTransfer(client, begun.id, context);
  let errors: Output['errors'] = [];
  if (flags.pictures !== undefined) {
    const order = { transferId: done.id, folder: flags.pictures, watch: flags.watch === true };
    // They are carried to it while the grid waits, so the texts have to lie there before.
    if (order.watch) await writeHandedOut(done, flags.out);
    errors = await bringPictures(order, studio, context);
    done = await followTransfer(client, done.id, context);
  }
  const { files, pictures } = await writeTransfer(studio, done, flags.out, context.signal);
  const output: Output = {
    transferId: done.id,
    rows: done.rows.map(({ name, text, comparedWith, rating }) => ({ name, text, comparedWith, rating })),
    tools: done.tools.map(nameColumn),
    seeds: done.seeds,
    cells: done.cells.map((cell, at) => ({ ...endedCellSchema.parse(cell), picture: pictures[at] ?? null })),
    ...{ kept, files, errors },
  };
  const { failed, cancelled } = done.counts;
  return { document: output, text: format(output), failed: failed + cancelled + errors.length > 0 };
}

/** A row of one of several sources; the name of a text is the text itself. */
const nameIn = (source: string, row: string): string => (source.startsWith('text:') ? row : `${source}: ${row}`).slice(-200);

/** What was broken off at a service is paid again for who says so alone: the run after a death is the first to tell of it. */
function goOn({ id, cells }: Transfer, { payAgain }: Pick<TransferFlags, 'payAgain'>, client: StudioClient): Promise<Transfer> {
  const places = cells.map(({ row, column, seedIndex }) => ({ row, column, seedIndex }));
  return client.transfers.retry({ transferId: id, ...(payAgain === true ? { cells: places } : {}) });
}

/** The newest transfer of the library that was ordered the same; null for none. */
async function findEarlier(order: TransferOrder, client: StudioClient): Promise<Transfer | null> {
  const essence = ({ originalSha256, name }: Transfer['rows'][number] | TransferOrder['rows'][number]) => ({
    originalSha256,
    name,
  });
  for (const { id, name } of await client.transfers.list()) {
    if (name !== order.name) continue;
    const found = await client.transfers.get({ transferId: id });
    const texts = await Promise.all(order.rows.map((row) => textOf(row, client)));
    const isSame =
      isDeepStrictEqual(found.rows.map(essence), order.rows.map(essence)) &&
      isDeepStrictEqual(
        found.rows.map(({ text }) => text),
        texts,
      ) &&
      isDeepStrictEqual(found.tools, order.tools) &&
      isDeepStrictEqual(found.settings, order.settings) &&
      found.seeds.length === order.seeds;
    if (isSame) return found;
  }
  return null;
}

async function textOf({ prompt }: TransferOrder['rows'][number], client: StudioClient): Promise<string> {
  return prompt.type === 'text' ? prompt.text.trim() : (await client.prompts.inspect({ document: prompt.document })).text;
}

/** A line for each prompt, a column for each tool: the mean of its scores. */
function format({ rows, tools, cells, kept, files, errors: untaken }: Output): string {
  const table = rows.map(({ name, rating }, row) => [
    cleanLine(name),
    ...tools.map((_, column) => describeCells(cells.filter((cell) => cell.row === row && cell.column === column))),
    rating === null ? '' : `${rating.mean.toFixed(3)} ± ${rating.spread.toFixed(3)}`,
  ]);
  const awaited = cells.filter(({ state }) => state === 'awaited');
  const notes = awaited.flatMap(({ handedOut }) => handedOut?.notes ?? []);
  const errors = cells.flatMap(({ error }) => (error === null ? [] : [cleanLine(`${error.message} ${error.hint}`)]));
  return [
    formatTable([['', ...tools.map(cleanLine), 'all tools'].map(paint.strong), ...table]),
    ...[...new Set(errors)].map(paint.bad),
    ...untaken.map(({ image, message, hint }) => paint.bad(cleanLine(`${image}: ${message} ${hint}`))),
    ...[...new Set(notes)].map((note) => paint.faint(cleanLine(note))),
    ...(awaited.length === 0 ? [] : [sayWhatToDo(awaited.length)]),
    ...(kept === 0 ? [] : [paint.faint(`${kept} kept from before`)]),
    ...files.map(cleanLine),
  ].join('\n');
}

const sayWhatToDo = (count: number): string =>
  `${count === 1 ? '1 picture is' : `${count} pictures are`} missing. Paste each line of midjourney.txt into Midjourney, save what it ` +
  'draws into a folder, and run the same command again with --pictures <folder>.';

function describeCells(cells: readonly Output['cells'][number][]): string {
  const scores = cells.flatMap(({ score }) => score ?? []);
  const awaited = cells.filter(({ state }) => state === 'awaited').length;
  const failed = cells.filter(({ state }) => state === 'failed' || state === 'cancelled').length;
  const mean = scores.length === 0 ? '–' : (scores.reduce((sum, score) => sum + score, 0) / scores.length).toFixed(3);
  const missing = [...(failed === 0 ? [] : [`${failed} not drawn`]), ...(awaited === 0 ? [] : [`${awaited} missing`])];
  return missing.length === 0 ? mean : `${mean} (${missing.join(', ')})`;
}
