import { cutAtWord } from '../../../../contract/texts/cut-text.ts';
import { Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import { StudioError } from '../../../../contract/errors.ts';
import { boardSchema, libraryPageSchema, libraryQuerySchema, lineageSchema } from '../../../../contract/library.ts';
import type { LibraryItem, LibraryPage, LibraryQuery, Lineage } from '../../../../contract/library.ts';
import type { StudioClient } from '../../../../contract/methods.ts';
import { cleanLine } from '../output/clean-line.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { formatTable } from '../output/format-table.ts';
import { numberOption } from '../input/number-option.ts';
import { paint } from '../output/paint.ts';

/** What `library list --json` and `library search --json` print, and what `library show --json` does. */
export const libraryListOutputSchema = libraryPageSchema;
/** What `library boards --json` prints. */
export const libraryBoardsOutputSchema = z.object({ boards: z.array(boardSchema) });
export const libraryShowOutputSchema = lineageSchema;

interface QueryFlags {
  readonly kind?: LibraryItem['kind'];
  readonly starred?: true;
  readonly trashed?: true;
  readonly limit?: number;
  readonly after?: string;
  readonly board?: string;
  readonly pack?: string;
}

const KINDS = libraryQuerySchema.shape.kinds.unwrap().element.options;

export function addLibraryCommand(program: Command, choose: ChooseCommand): void {
  const library = program
    .command('library')
    .summary('pictures and texts you kept')
    .description('The pictures and texts you kept. Nothing is changed, and it works beside a running studio.');
  addQueryOptions(library.command('list').description('Lists items, newest first.')).action((flags: QueryFlags) =>
    choose((context) => listItems('', flags, context)),
  );
  addQueryOptions(library.command('search').description('Finds words in titles, prompts and recipes.'))
    .argument('<words...>', 'what to find')
    .action((words: string[], flags: QueryFlags) => choose((context) => listItems(words.join(' '), flags, context)));
  library
    .command('boards')
    .description('Lists boards with the number of their items.')
    .action(() => choose(listBoards));
  library
    .command('show')
    .description('Shows an item and what it was made from.')
    .argument('<id>', 'its id')
    .action((itemId: string) => choose((context) => showItem(itemId, context)));
}

function addQueryOptions(command: Command): Command {
  return command
    .addOption(new Option('--kind <kind>', 'only items of this kind').choices(KINDS))
    .option('--starred', 'only starred items')
    .option('--trashed', 'items in the trash')
    .option('--board <name>', 'only items on this board (its name or its id)')
    .option('--pack <id>', 'only texts and pictures made with this model')
    .option('--limit <n>', 'at most so many', numberOption(libraryQuerySchema.shape.limit.unwrap()))
    .option('--after <next>', 'go on where the page before ended (its "next")');
}

async function listItems(text: string, flags: QueryFlags, context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('look');
  const { kind, starred, trashed, limit, after, board, pack } = flags;
  const query: Partial<LibraryQuery> = {
    text,
    ...(kind === undefined ? {} : { kinds: [kind] }),
    ...(starred === undefined ? {} : { starred }),
    ...(trashed === undefined ? {} : { trashed }),
    ...(limit === undefined ? {} : { limit }),
    ...(after === undefined ? {} : { after }),
    ...(board === undefined ? {} : { boardId: await findBoard(client, board) }),
    ...(pack === undefined ? {} : { packId: pack }),
  };
  const page = await client.library.query(query);
  return { document: page, text: formatPage(page), failed: false };
}

/** A board by its id, or by its name as it is written. */
async function findBoard(client: StudioClient, wanted: string): Promise<string> {
  const { boards } = await client.library.overview();
  const found = boards.find(({ id }) => id === wanted) ?? boards.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found.id;
  throw new StudioError('not-found', `There is no board ${wanted}.`, '`library boards` lists what there is.', { board: wanted });
}

async function listBoards(context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('look');
  const { boards } = await client.library.overview();
  const rows = boards.map(({ id, name, items }) => [id, cleanLine(name), paint.faint(`${items} items`)]);
  return { document: { boards }, text: rows.length === 0 ? 'There are no boards yet.' : formatTable(rows), failed: false };
}

function formatPage({ items, total, next }: LibraryPage): string {
  if (items.length === 0) return 'Nothing found.';
  const rest = next === null ? [] : [paint.faint(`${items.length} of ${total}; go on with --after ${next}`)];
  return [formatTable(items.map(toRow)), ...rest].join('\n');
}

function toRow(item: LibraryItem): string[] {
  const date = formatLocalTime(item.createdMs);
  return [item.id, paint.faint(date), item.kind, item.starred ? '★' : ' ', cutAtWord(cleanLine(describe(item)), 100)];
}

function describe(item: LibraryItem): string {
  switch (item.kind) {
    case 'picture':
      return `${item.title} (${item.image.width} × ${item.image.height})`;
    case 'prompt':
      return item.text;
    case 'generation':
      return item.recipe.seed === null ? item.recipe.text : `seed ${item.recipe.seed}: ${item.recipe.text}`;
  }
}

async function showItem(itemId: string, context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('look');
  const lineage = await client.library.lineage({ itemId });
  // The lineage lists prompts without their tokens; the item that was asked for is shown whole.
  const shown: Lineage = { ...lineage, item: await client.library.get({ itemId }) };
  return { document: shown, text: formatLineage(shown), failed: false };
}

function formatLineage({ item, ancestors, descendants }: Lineage): string {
  const facts = item.kind === 'prompt' ? cleanLine(item.text) : `${item.image.mediaType} ${item.image.sha256}`;
  const list = (title: string, items: readonly LibraryItem[]): string[] =>
    items.length === 0 ? [] : ['', paint.faint(title), formatTable(items.map(toRow))];
  return [
    paint.strong(cleanLine(item.title) || item.id),
    formatTable([toRow(item)]),
    facts,
    ...list('Made from', ancestors),
    ...list('Became', descendants),
  ].join('\n');
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** "2026-11-03 14:05 +01:00": the clock of this machine, with what it is ahead of UTC. */
export function formatLocalTime(timeMs: number): string {
  const time = new Date(timeMs);
  const ahead = -time.getTimezoneOffset();
  const zone = `${ahead < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(ahead) / 60))}:${pad(Math.abs(ahead) % 60)}`;
  const day = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
  return `${day} ${pad(time.getHours())}:${pad(time.getMinutes())} ${zone}`;
}
