import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import {
  addressesOf,
  connectionKindSchema,
  connectionSchema,
  connectionStateSchema,
  clusterConnectionSchema,
  connectionTestSchema,
  consentsOf,
  foundProgramSchema,
  isCluster,
  isTool,
  toolFamilySchema,
  writerConnectionSchema,
} from '../../../../contract/outside/connection.ts';
import type { ConnectionKind, ConnectionState, ConnectionTest, ToolFamily } from '../../../../contract/outside/connection.ts';
import { readMarks } from '../../../../contract/outside/workflow.ts';
import type { Workflow } from '../../../../contract/outside/workflow.ts';
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
  readonly address?: string[];
  readonly model?: string;
  readonly key?: string;
  readonly sees?: true;
  readonly allow?: true;
  readonly answerTokens?: number;
  readonly contextTokens?: number;
  readonly patience?: number;
  readonly priceIn?: number;
  readonly priceOut?: number;
  readonly pricePicture?: number;
  readonly family?: ToolFamily;
  readonly workflow?: string;
  readonly mark?: string[];
  readonly requestsAtOnce?: number;
  readonly limit?: number;
}

/** Where each kind is asked when no address is given; what speaks as OpenAI does may be anywhere. */
const usualAddress: Readonly<Partial<Record<ConnectionKind, string>>> = {
  anthropic: 'https://api.anthropic.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
  comfyui: 'http://127.0.0.1:8188',
  a1111: 'http://127.0.0.1:7860',
  invokeai: 'http://127.0.0.1:9090',
  'openai-images': 'https://api.openai.com/v1',
  'google-images': 'https://generativelanguage.googleapis.com/v1beta',
  stability: 'https://api.stability.ai',
  kserve: 'http://127.0.0.1:8000',
  'kserve-grpc': 'http://127.0.0.1:8001',
};
const amount = numberOption(z.number().nonnegative());

export function addConnectionsCommand(program: Command, choose: ChooseCommand): void {
  const connections = program
    .command('connections')
    .summary('language models to write with, tools to draw with, servers that run models')
    .description(
      'Language models to write with, other tools to draw with, and servers that run models. None is asked before you allow it.',
    );
  connections
    .command('list')
    .description('Lists them, with what they have cost.')
    .action(() => choose(list));
  connections
    .command('find')
    .description(
      'Looks for Ollama, LM Studio, llama.cpp, ComfyUI, the web UI and InvokeAI on this machine. Nothing of them is used by it.',
    )
    .action(() => choose(find));
  connections
    .command('add')
    .description('Adds one, or changes the one of that name.')
    .argument('<name>', 'how you will call it, such as ollama')
    .addOption(
      new Option('--kind <kind>', 'how it is spoken to').choices(connectionKindSchema.options).default('openai-compatible'),
    )
    .option(
      '--address <url...>',
      'where it is, such as http://127.0.0.1:11434/v1; of servers that run models or of ComfyUI, all of them',
    )
    .option('--model <name>', 'the model, as the server names it')
    .option('--key <name>', 'the name of its key: DEDIFFUSION_SECRET_<NAME>, or set in the desktop program')
    .option('--sees', 'a language model that may be shown pictures, to say what they show')
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
    .option(
      '--requests-at-once <n>',
      'requests under way to each server that runs models',
      numberOption(clusterConnectionSchema.shape.requestsAtOnce.unwrap()),
    )
    .addOption(new Option('--family <family>', 'what a model that draws was made from').choices(toolFamilySchema.options))
    .option('--workflow <file>', 'your own graph, as ComfyUI exports it')
    .option('--mark <input=node.name...>', 'where in it something belongs, such as prompt=6.text; what is not said is found')
    .option('--limit <amount>', 'what may be spent in all', amount)
    .action((id: string, flags: AddFlags) => choose((context) => add(id, flags, context)));
  connections
    .command('test')
    .description('Asks a language model one short question, a tool what it has, and servers what they are.')
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

/** @throws UsageError for marks that cannot be read; errors of the file system pass through */
async function readWorkflow({ workflow: path, mark = [] }: AddFlags): Promise<Workflow | null> {
  const marks = readMarks(mark.join(' '));
  if (marks === null) throw new UsageError('Write marks as --mark prompt=6.text seed=3.seed: what, the node, its input.');
  if (path !== undefined) return { text: await readFile(path, 'utf8'), marks };
  if (mark.length > 0) throw new UsageError('Give --workflow FILE with --mark.');
  return null;
}

async function add(id: string, flags: AddFlags, context: CommandContext): Promise<CommandResult> {
  const [address = usualAddress[flags.kind], ...moreAddresses] = flags.address ?? [];
  if (address === undefined) throw new UsageError('Give --address URL; `connections find` looks for programs on this machine.');
  const workflow = await readWorkflow(flags);
  const model = flags.model ?? (flags.workflow === undefined ? undefined : basename(flags.workflow));
  if (model === undefined && !isCluster(flags)) throw new UsageError('Give --model NAME.');
  const hasSeveral = isCluster(flags) || flags.kind === 'comfyui';
  if (moreAddresses.length > 0 && !hasSeveral) {
    throw new UsageError('Only servers that run models, and those of ComfyUI, have several addresses.');
  }
  const connection = connectionSchema.safeParse({
    id,
    kind: flags.kind,
    address,
    ...(isCluster(flags) ? {} : { model }),
    ...(hasSeveral ? { moreAddresses } : {}),
    ...(workflow === null ? {} : { workflow }),
    secret: flags.key ?? null,
    ...(flags.sees === true ? { sees: true } : {}),
    ...(flags.answerTokens === undefined ? {} : { answerTokens: flags.answerTokens }),
    contextTokens: flags.contextTokens ?? null,
    ...(flags.family === undefined ? {} : { family: flags.family }),
    ...(flags.requestsAtOnce === undefined ? {} : { requestsAtOnce: flags.requestsAtOnce }),
    ...(flags.patience === undefined ? {} : { patienceSeconds: flags.patience }),
    ...(isCluster(flags) ? {} : { price: priceOf(flags) }),
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
  for (const consent of consentsOf(added)) {
    if (flags.allow === true) await client.network.allow(consent);
    else if (!added.allowed) context.say(`${consent.shown} Say yes with --allow.`);
  }
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
    const { program, models, schedulers, marks } = result;
    const has = `answered after ${all}, shares ${schedulers} schedulers with the studio, has ${models.join(', ')}`;
    const written = marks === undefined ? [] : [`writes into the workflow: ${marks}`];
    return [cleanLine(program), ...[has, ...written].map((line) => paint.faint(cleanLine(line)))].join('\n');
  }
  if (result.type === 'cluster') {
    const lines = result.servers.map(({ address, program, binary }) => [
      cleanLine(program),
      cleanLine(address),
      binary ? 'numbers as bytes' : 'numbers as text, which is slower',
    ]);
    return `${formatTable(lines)}\n${paint.faint(`answered after ${all}`)}`;
  }
  const form = result.structured ? 'in the form asked for' : 'not in the form asked for';
  const times = `first word after ${Math.round(result.firstWordMs)} ms, all after ${all}, ${form}`;
  return `${cleanLine(result.answer)}\n${paint.faint(times)}`;
}

async function remove(id: string, context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('own');
  return present(await client.connections.remove({ id }));
}

function describeSpent(connection: ConnectionState): string {
  const { answers, cost } = connection.spent;
  return `${answers} ${isTool(connection) ? 'pictures' : 'answers'}${cost === null ? '' : `, ${cost.toFixed(4)} spent`}`;
}

function present(connections: ConnectionState[]): CommandResult {
  const rows = connections.map((connection) => {
    const { id, allowed, keySet, secret } = connection;
    return [
      paint.strong(cleanLine(id)),
      isCluster(connection) ? 'runs models' : isTool(connection) ? 'draws' : 'writes',
      isCluster(connection) ? '' : cleanLine(connection.model),
      cleanLine(addressesOf(connection).join(' ')),
      allowed ? 'allowed' : 'not allowed yet',
      secret === null ? 'no key' : keySet ? `key ${secret}` : `key ${secret} is not set`,
      isCluster(connection) ? '' : paint.faint(describeSpent(connection)),
    ];
  });
  return {
    document: { connections },
    text: rows.length === 0 ? 'Nothing is connected.' : formatTable(rows),
    failed: false,
  };
}
