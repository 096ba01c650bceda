import { Option } from 'commander';
import type { Command } from 'commander';
import { StudioError } from '../../../../contract/errors.ts';
import {
  keptThingSchema,
  networkPurposeSchema,
  networkReportSchema,
  sentThingSchema,
} from '../../../../contract/outside/network.ts';
import type {
  ConsentRequest,
  KeptThing,
  NetworkPurpose,
  NetworkReport,
  SentThing,
} from '../../../../contract/outside/network.ts';
import { cleanLine } from '../output/clean-line.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { formatTable } from '../output/format-table.ts';
import { paint } from '../output/paint.ts';

/** What `network list --json`, `network allow --json` and `network revoke --json` print. */
export const networkOutputSchema = networkReportSchema;

interface AllowFlags {
  readonly for: NetworkPurpose;
  readonly sends: SentThing[];
  readonly keeps: KeptThing[];
}

interface RevokeFlags {
  readonly for?: NetworkPurpose;
}

const purposeOption = (about: string): Option => new Option('--for <purpose>', about).choices(networkPurposeSchema.options);

export function addNetworkCommand(program: Command, choose: ChooseCommand): void {
  const network = program
    .command('network')
    .summary('what may leave this machine')
    .description('What may leave this machine: nothing goes to a place that you did not allow.');
  network
    .command('list')
    .description('Lists the places you allowed, with what may go there, and the keys that are set.')
    .action(() => choose(list));
  network
    .command('allow')
    .description('Allows a place: scheme, host and port.')
    .argument('<address>', 'such as https://example.com or http://127.0.0.1:8188')
    .addOption(purposeOption('what it is asked for').makeOptionMandatory())
    .addOption(new Option('--sends <things...>', 'what may go there').choices(sentThingSchema.options).default(['address']))
    .addOption(new Option('--keeps <things...>', 'what is kept of its answers').choices(keptThingSchema.options).default([]))
    .action((address: string, flags: AllowFlags) => choose((context) => allow(address, flags, context)));
  network
    .command('revoke')
    .description('Takes it back.')
    .argument('<address>', 'as `network list` names it')
    .addOption(purposeOption('only for this; for everything when left out'))
    .action((address: string, flags: RevokeFlags) => choose((context) => revoke(address, flags, context)));
}

function originOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url !== null && (url.protocol === 'https:' || url.protocol === 'http:')) return url.origin;
  throw new StudioError('bad-request', `${address} is not a web address.`, 'Write it as https://host or http://host:port.');
}

async function list(context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('look');
  return present(await client.network.report());
}

async function allow(address: string, flags: AllowFlags, context: CommandContext): Promise<CommandResult> {
  const sends = [...new Set<SentThing>(['address', ...flags.sends])];
  const consent: ConsentRequest = {
    origin: originOf(address),
    purpose: flags.for,
    sends,
    keeps: flags.keeps,
    shown: `dediffusion network allow: ${describeThings(sends)}`,
  };
  const { client } = await context.openStudio('own');
  return present(await client.network.allow(consent));
}

async function revoke(address: string, flags: RevokeFlags, context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('own');
  const purpose = flags.for;
  return present(await client.network.revoke({ origin: originOf(address), ...(purpose === undefined ? {} : { purpose }) }));
}

const describeThings = (things: readonly string[]): string => (things.length === 0 ? 'nothing' : things.join(', '));

function present(report: NetworkReport): CommandResult {
  const { consents, secrets } = report;
  const places = consents.map(({ origin, purpose, sends, keeps, givenMs }) => [
    paint.strong(cleanLine(origin)),
    purpose,
    `sends ${describeThings(sends)}`,
    `keeps ${describeThings(keeps)}`,
    paint.faint(new Date(givenMs).toISOString().slice(0, 10)),
  ]);
  const keys = secrets.map(({ name, from }) => [`key ${name}`, `from the ${from}`]);
  const text = [
    places.length === 0 ? 'Nothing may leave this machine.' : formatTable(places),
    ...(keys.length === 0 ? [] : ['', formatTable(keys)]),
  ].join('\n');
  return { document: report, text, failed: false };
}
