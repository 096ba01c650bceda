import { Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import {
  connectionKindSchema,
  connectionSchema,
  connectionStateSchema,
  connectionTestSchema,
  foundProgramSchema,
  isTool,
  toolFamilySchema,
  writerConnectionSchema,
} from '../../../../contract/connection.ts';
import type { ConnectionKind, ConnectionState, ConnectionTest, ToolFamily } from '../../../../contract/connection.ts';
import { StudioError } from '../../../../contract/errors.ts';
import { cleanLine } from '../output/clean-line.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { formatTable } from '../output/format-table.ts';
import { numberOption } from '../input/number-option.ts';
import { paint } from '../output/paint.ts';
import { UsageError } from '../usage-error.ts';

/** What `connections list`, `add` and `remove` print with --json. */
export const connectionsOutputSchema = z.object({ connections: z.array(connectionStateSchema) });
/** What `connections find --json` prints. */
export const foundOutputSchema = z.object({ programs: z.array(foundProgramSchema) });
/** What `connections test --json` prints. */
export const connectionTestOutputSchema = connectionTestSchema;

interface AddFlags {
  readonly kind: ConnectionKind;
  readonly address?: string;
  readonly model: string;
  readonly key?: string;
  readonly allow?: true;
  readonly answerTokens?: number;
  readonly contextTokens?: number;
  readonly patience?: number;
  readonly priceIn?: number;
  readonly priceOut?: number;
  readonly pricePicture?: number;
  readonly family?: ToolFamily;
  readonly limit?: number;
}

/** Where each kind is asked when no address is given; what speaks as OpenAI does may be anywhere. */
const usualAddress: Readonly<Partial<Record<ConnectionKind, string>>> = {
  anthropic: 'https://api.anthropic.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
  comfyui: 'http://127.0.0.1:8188',
  a1111: 'http://127.0.0.1:7860',
  'openai-images': 'https://api.openai.com/v1',
};
const amount = numberOption(z.number().nonnegative());

export function addConnectionsCommand(program: Command, choose: ChooseCommand): void {
  const connections = program
    .command('connections')
    .summary('language models to write with, and tools to draw with')
    .description('Language models to write with, and other tools to draw with. None is asked before you allow it.');
  connections
    .command('list')
    .description('Lists them, with what they have cost.')
    .action(() => choose(list));
  connections
    .command('find')
    .description('Looks for Ollama, LM Studio, llama.cpp, ComfyUI and the web UI on this machine. Nothing of them is used by it.')
    .action(() => choose(find));
  connections
    .command('add')
    .description('Adds one, or changes the one of that name.')
    .argument('<name>', 'how you will call it, such as ollama')
    .addOption(
      new Option('--kind <kind>', 'how it is spoken to').choices(connectionKindSchema.options).default('openai-compatible'),
    )
    .option('--address <url>', 'where it is, such as http://127.0.0.1:11434/v1')
    .requiredOption('--model <name>', 'the model, as the server names it')
    .option('--key <name>', 'the name of its key: DEDIFFUSION_SECRET_<NAME>, or set in the desktop program')
    .option('--allow', 'agree to what goes there')
    .option('--answer-tokens <n>', 'most tokens of an answer', numberOption(writerConnectionSchema.shape.answerTokens.unwrap()))
    .option('--context-tokens <n>', 'tokens it reads at once', numberOption(z.number().int().min(500)))
    .option(
      '--patience <seconds>',
      'longest wait for a word',
      numberOption(writerConnectionSchema.shape.patienceSeconds.unwrap()),
    )
    .option('--price-in <amount>', 'price of a million tokens read', amount)
    .option('--price-out <amount>', 'price of a million tokens written', amount)
    .option('--price-picture <amount>', 'price of a picture', amount)
    .addOption(new Option('--family <family>', 'what a model that draws was made from').choices(toolFamilySchema.options))
    .option('--limit <amount>', 'what may be spent in all', amount)
    .action((id: string, flags: AddFlags) => choose((context) => add(id, flags, context)));
  connections
    .command('test')
    .description('Asks a language model one short question, and a tool what it has.')
    .argument('<name>')
    .action((id: string) => choose((context) => test(id, context)));
  connections
    .command('remove')
    .description('Forgets it. What you allowed stays: see `network list`.')
    .argument('<name>')
    .action((id: string) => choose((context) => remove(id, context)));
}

async function list(context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('look');
  return present(await client.connections.list());
}

async function find(context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('look');
  const programs = await client.connections.discover();
  const rows = programs.map(({ program, address, models }) => [paint.strong(program), address, cleanLine(models.join(', '))]);
  const text = rows.length === 0 ? 'No program that can be connected was found on this machine.' : formatTable(rows);
  return { document: { programs }, text, failed: false };
}

function priceOf({ kind, priceIn, priceOut, pricePicture, limit }: AddFlags) {
  if (isTool({ kind })) {
    return pricePicture === undefined && limit === undefined ? null : { picture: pricePicture ?? 0, limit: limit ?? null };
  }
  if (priceIn === undefined && priceOut === undefined && limit === undefined) return null;
  if (priceIn === undefined || priceOut === undefined) throw new UsageError('Give --price-in and --price-out together.');
  return { input: priceIn, output: priceOut, limit: limit ?? null };
}

async function add(id: string, flags: AddFlags, context: CommandContext): Promise<CommandResult> {
  const address = flags.address ?? usualAddress[flags.kind];
  if (address === undefined) throw new UsageError('Give --address URL; `connections find` looks for programs on this machine.');
  const connection = connectionSchema.safeParse({
    id,
    kind: flags.kind,
    address,
    model: flags.model,
    secret: flags.key ?? null,
    ...(flags.answerTokens === undefined ? {} : { answerTokens: flags.answerTokens }),
    contextTokens: flags.contextTokens ?? null,
    ...(flags.family === undefined ? {} : { family: flags.family }),
    ...(flags.patience === undefined ? {} : { patienceSeconds: flags.patience }),
    price: priceOf(flags),
  });
  if (!connection.success) {
    const [issue] = connection.error.issues;
    throw new StudioError(
      'bad-request',
      `${issue?.path.join('.') ?? 'It'}: ${issue?.message ?? ''}`,
      'Correct that and add it again.',
    );
  }
  const { client } = await context.openStudio('own');
  const added = await client.connections.add(connection.data);
  if (flags.allow === true) await client.network.allow(added.consent);
  else if (!added.allowed) context.say(`${added.consent.shown} Say yes with --allow.`);
  return present(await client.connections.list());
}

async function test(id: string, context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('own');
  const result = await client.connections.test({ id }, { signal: context.signal });
  return { document: result, text: describeTest(result), failed: false };
}

function describeTest(result: ConnectionTest): string {
  const all = `${Math.round(result.totalMs)} ms`;
  if (result.type === 'tool') {
    const { program, models, schedulers } = result;
    const has = `answered after ${all}, shares ${schedulers} schedulers with the studio, has ${models.join(', ')}`;
    return `${cleanLine(program)}\n${paint.faint(cleanLine(has))}`;
  }
  const form = result.structured ? 'in the form asked for' : 'not in the form asked for';
  const times = `first word after ${Math.round(result.firstWordMs)} ms, all after ${all}, ${form}`;
  return `${cleanLine(result.answer)}\n${paint.faint(times)}`;
}

async function remove(id: string, context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('own');
  return present(await client.connections.remove({ id }));
}

function present(connections: ConnectionState[]): CommandResult {
  const rows = connections.map(({ id, kind, address, model, allowed, keySet, secret, spent }) => [
    paint.strong(cleanLine(id)),
    isTool({ kind }) ? 'draws' : 'writes',
    cleanLine(model),
    cleanLine(address),
    allowed ? 'allowed' : 'not allowed yet',
    secret === null ? 'no key' : keySet ? `key ${secret}` : `key ${secret} is not set`,
    paint.faint(
      `${spent.answers} ${isTool({ kind }) ? 'pictures' : 'answers'}${spent.cost === null ? '' : `, ${spent.cost.toFixed(4)} spent`}`,
    ),
  ]);
  return {
    document: { connections },
    text: rows.length === 0 ? 'Nothing is connected.' : formatTable(rows),
    failed: false,
  };
}
