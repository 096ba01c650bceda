import { Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import {
  accessKeyRequestSchema,
  accessKeySchema,
  createdAccessKeySchema,
  keyScopeSchema,
} from '../../../../contract/access-key.ts';
import type { AccessKey, KeyScope } from '../../../../contract/access-key.ts';
import { StudioError } from '../../../../contract/errors.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { numberOption } from '../input/number-option.ts';
import { cleanLine } from '../output/clean-line.ts';
import { formatTable } from '../output/format-table.ts';
import { paint } from '../output/paint.ts';

/** What `keys list` and `keys revoke` print with --json. */
export const keysOutputSchema = z.object({ keys: z.array(accessKeySchema) });
/** What `keys create --json` prints: the only time that the key itself is told. */
export const createdKeyOutputSchema = createdAccessKeySchema;

interface CreateFlags {
  readonly scope: KeyScope;
  readonly days?: number;
  readonly origin?: readonly string[];
}

const DAY_MS = 24 * 60 * 60 * 1000;

export function addKeysCommand(program: Command, choose: ChooseCommand): void {
  const keys = program
    .command('keys')
    .summary('access keys for programs that use the studio over HTTP')
    .description('Access keys for programs that use the studio over HTTP while it is served.');
  keys
    .command('list')
    .description('Lists them. What programs show was told when they were made.')
    .action(() => choose(list));
  keys
    .command('create')
    .description('Makes one and prints it, this once.')
    .argument('<name>', 'how you will know it, such as the program it is for')
    .addOption(
      new Option('--scope <scope>', 'what it allows: to look, also to read and draw, or everything but your own yes')
        .choices(keyScopeSchema.options)
        .default('draw'),
    )
    .option('--days <n>', 'how long it holds (default: until it is revoked)', numberOption(z.int().min(1).max(36_500)))
    .option('--origin <url...>', 'a web page’s origin that may use it from a browser, such as https://pages.example')
    .action((name: string, flags: CreateFlags) => choose((context) => create(name, flags, context)));
  keys
    .command('revoke')
    .description('Ends one at once.')
    .argument('<id>', 'as `keys list` has it')
    .action((id: string) => choose((context) => revoke(id, context)));
}

async function list(context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('look');
  return present(await client.accessKeys.list());
}

async function create(name: string, { scope, days, origin }: CreateFlags, context: CommandContext): Promise<CommandResult> {
  const request = accessKeyRequestSchema.safeParse({
    name,
    scope,
    ...(origin === undefined ? {} : { origins: origin }),
    ...(days === undefined ? {} : { expiresMs: Math.round(Date.now() + days * DAY_MS) }),
  });
  if (!request.success) {
    const [issue] = request.error.issues;
    throw new StudioError(
      'bad-request',
      `${issue?.path.join('.') ?? 'It'}: ${issue?.message ?? ''}`,
      'Correct that and create it again.',
    );
  }
  const { client } = await context.openStudio('own');
  const created = await client.accessKeys.create(request.data);
  const text = `${created.secret}\n${paint.faint('This is the only time it is shown. Programs send it as "Authorization: Bearer …".')}`;
  return { document: created, text, failed: false };
}

async function revoke(id: string, context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('own');
  return present(await client.accessKeys.revoke({ id }));
}

function present(keys: AccessKey[]): CommandResult {
  const rows = keys.map(({ id, name, scope, origins, expiresMs }) => [
    id,
    paint.strong(cleanLine(name)),
    scope,
    expiresMs === null ? 'until it is revoked' : `until ${new Date(expiresMs).toISOString()}`,
    paint.faint(origins.join(', ')),
  ]);
  return { document: { keys }, text: rows.length === 0 ? 'There is no access key.' : formatTable(rows), failed: false };
}
