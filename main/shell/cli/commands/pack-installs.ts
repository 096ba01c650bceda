import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import {
  catalogueIdSchema,
  catalogueLineSchema,
  repositoryNameSchema,
  revisionSchema,
} from '../../../../contract/models/catalogue.ts';
import type { CatalogueLine, PackFitness } from '../../../../contract/models/catalogue.ts';
import { StudioError } from '../../../../contract/errors.ts';
import { installPlanSchema } from '../../../../contract/models/install.ts';
import type { InstallChoice, InstallPlan, InstallSource } from '../../../../contract/models/install.ts';
import { installResultSchema } from '../../../../contract/job.ts';
import type { InstallResult } from '../../../../contract/job.ts';
import type { StudioClient } from '../../../../contract/methods.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { agree } from '../input/agree.ts';
import { cleanLine } from '../output/clean-line.ts';
import { formatBytes } from '../output/format-bytes.ts';
import { formatTable } from '../output/format-table.ts';
import { paint } from '../output/paint.ts';
import { runJob } from '../run-job.ts';

/** What `packs catalogue --json` prints. */
export const packsCatalogueOutputSchema = z.object({ entries: z.array(catalogueLineSchema) });
/** What `packs install --json`, `packs adopt --json` and `packs convert --json` print. */
export const packsInstallOutputSchema = z.object({ plan: installPlanSchema, installed: installResultSchema });
/** What `packs upgrade --json` prints. */
export const packsUpgradeOutputSchema = z.object({
  packs: z.array(z.object({ id: z.string(), before: z.string(), after: z.string(), installed: installResultSchema.nullable() })),
});

interface InstallFlags {
  readonly yes?: true;
  readonly id?: string;
  readonly name?: string;
  readonly licence?: string;
  readonly dtype?: string;
  readonly file?: string;
}

function withFlags(command: Command): Command {
  return command
    .option('--yes', 'agree to licence, size and the place it comes from')
    .option('--id <id>', 'how you will call it')
    .option('--name <name>', 'its name in lists')
    .option('--licence <name>', 'its licence, where nothing says it')
    .option('--dtype <ending>', 'the precision of its graphs, as their names end: fp16, q4f16')
    .option('--file <path>', 'the one model that is wanted of several');
}

export function addPackInstallCommands(packs: Command, choose: ChooseCommand): void {
  packs
    .command('catalogue')
    .description(
      'Lists public models the studio knows of: licence, size, and whether they fit this machine. Nothing is asked of anybody.',
    )
    .action(() => choose(listCatalogue));
  withFlags(packs.command('install'))
    .description(
      'Brings a model: a catalogue id, organisation/name[@revision] of the hub, a folder, or a .zip of one. What stops goes on where it was.',
    )
    .argument('<what>')
    .action((what: string, flags: InstallFlags) => choose((context) => install(readSource(what), flags, context)));
  withFlags(packs.command('adopt'))
    .description('Makes a model of a folder with an ONNX export (diffusers, Optimum) or a copy of a transformers.js repository.')
    .argument('<folder>')
    .action((folder: string, flags: InstallFlags) =>
      choose((context) => install({ type: 'folder', path: resolve(folder) }, { ...flags, yes: true }, context)),
    );
  packs
    .command('upgrade')
    .description('Brings the newest version of models that came from the hub; files that stay the same are not fetched again.')
    .argument('[model...]', 'their ids; all when left out')
    .option('--yes', 'agree to licence and size')
    .action((packIds: string[], flags: InstallFlags) => choose((context) => upgrade(packIds, flags, context)));
}

const fits: Readonly<Record<PackFitness['verdict'], string>> = {
  fits: 'fits',
  slow: 'slow here',
  memory: 'too little memory',
  disk: 'too little disk',
  device: 'no device for it',
};
const commercial = {
  yes: 'commercial use',
  limits: 'commercial use with limits',
  no: 'no commercial use',
  unclear: 'commercial use unclear',
};

async function listCatalogue(context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('temporary');
  const entries = await client.packs.catalogue();
  const row = (entry: CatalogueLine): string[] => [
    paint.strong(entry.id),
    entry.does.join(', '),
    formatBytes(entry.bytes),
    `${entry.memoryMb} MB`,
    `${entry.licence.name} (${commercial[entry.licence.commercial]})`,
    fits[entry.fitness.verdict],
    entry.runs ? `verified: ${entry.verified}` : 'kept, not run yet',
    entry.installedAs.length > 0 ? paint.good('installed') : '',
  ];
  return { document: { entries }, text: formatTable(entries.map(row)), failed: false };
}

/** A catalogue's id, a repository, a folder, or an archive of one; what lies here under that name goes first. */
function readSource(what: string): InstallSource {
  if (existsSync(what) && /[\\/.]/.test(what)) return { type: 'folder', path: resolve(what) };
  const [repository = '', revision = 'main', ...more] = what.split('@');
  const isRepository = more.length === 0 && repositoryNameSchema.safeParse(repository).success;
  if (isRepository && revisionSchema.safeParse(revision).success) return { type: 'hub', repository, revision };
  if (catalogueIdSchema.safeParse(what).success) return { type: 'catalogue', id: what };
  const hint = 'Name a catalogue id, organisation/name[@revision], or a folder or .zip that is there.';
  throw new StudioError('bad-request', `${what} is nothing that can be installed.`, hint, {});
}

/** What a person said of a pack by flags. */
export function toChoice({ id, name, licence, dtype, file }: InstallFlags): InstallChoice {
  return {
    ...(id === undefined ? {} : { packId: id }),
    ...(name === undefined ? {} : { name }),
    ...(licence === undefined ? {} : { licence }),
    ...(dtype === undefined ? {} : { dtype: dtype === 'fp32' ? '' : `_${dtype.replace(/^_/, '')}` }),
    ...(file === undefined ? {} : { file }),
  };
}

/** A yes to the hub stands from then on; `network revoke` takes it back. */
async function agreeToHub(client: StudioClient, given: boolean, { signal }: CommandContext): Promise<void> {
  const { origin, sends, allowed } = await client.packs.hub();
  if (allowed) return;
  const key = sends.includes('key') ? ' Your token goes along.' : '';
  const shown = `The studio asks ${origin} for models, now and when you ask for others.${key}`;
  await agree(shown, given, signal);
  await client.network.allow({ origin, purpose: 'download', sends, keeps: ['model'], shown });
}

function describePlan({ name, licence, bytes, keptBytes, origin, page, replaces }: InstallPlan): string {
  const from = origin === null ? '' : ` from ${page ?? origin}`;
  const kept = keptBytes > 0 ? `, of which ${formatBytes(keptBytes)} are here` : '';
  const note = licence.note === '' ? '' : ` ${licence.note}`;
  return cleanLine(
    `${name}: ${formatBytes(bytes)}${kept}${from}, licence ${licence.name} (${commercial[licence.commercial]}).${note}${replaces ? ' It takes the place of the model that is here.' : ''} Install it?`,
  );
}

async function bring(
  client: StudioClient,
  source: InstallSource,
  plan: InstallPlan,
  choice: InstallChoice,
  context: CommandContext,
): Promise<InstallResult> {
  const agreed = { licence: plan.licence.name, bytes: plan.bytes };
  const { packId, name } = plan;
  return runJob(client, { kind: 'install', packId, name, source, choice, agreed }, name, context);
}

async function install(source: InstallSource, flags: InstallFlags, context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('own');
  const choice = toChoice(flags);
  const given = flags.yes === true;
  if (source.type !== 'folder') await agreeToHub(client, given, context);
  const plan = await client.packs.plan({ source, choice }, { signal: context.signal });
  await agree(describePlan(plan), given, context.signal);
  const installed = await bring(client, source, plan, choice, context);
  const from = `${formatBytes(installed.fetchedBytes)} fetched, ${formatBytes(installed.takenBytes)} taken from this machine`;
  return presentInstall('installed', from, plan, installed);
}

/** What became of a plan, with what could not be known. */
export function presentInstall(done: string, how: string, plan: InstallPlan, installed: InstallResult): CommandResult {
  const lines = [`${paint.good(done)}  ${installed.packId}  ${how}`, ...installed.notes.map((note) => `  ${cleanLine(note)}`)];
  return { document: { plan, installed }, text: lines.join('\n'), failed: false };
}

async function upgrade(packIds: readonly string[], flags: InstallFlags, context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('own');
  const all = (await client.packs.list()).filter(({ hub }) => hub !== null).map(({ id }) => id);
  const packs: z.infer<typeof packsUpgradeOutputSchema>['packs'] = [];
  if ((packIds.length > 0 ? packIds : all).length > 0) await agreeToHub(client, flags.yes === true, context);
  for (const packId of packIds.length > 0 ? packIds : all) {
    const { source: from, name } = await client.packs.info({ packId });
    if (from.hub === undefined) {
      const hint = 'Install it again from where it came from.';
      throw new StudioError('bad-request', `${packId} did not come from the hub, so nobody knows of a newer one.`, hint, {
        packId,
      });
    }
    const { repository, revision, dtype, file } = from.hub;
    const source: InstallSource = { type: 'hub', repository, revision };
    const choice: InstallChoice = {
      packId,
      name,
      ...(dtype === undefined ? {} : { dtype }),
      ...(file === undefined ? {} : { file }),
    };
    const plan = await client.packs.plan({ source, choice }, { signal: context.signal });
    const isNewer = plan.revision !== null && plan.revision !== from.revision;
    if (isNewer) await agree(describePlan(plan), flags.yes === true, context.signal);
    const installed = isNewer ? await bring(client, source, plan, choice, context) : null;
    packs.push({ id: packId, before: from.revision, after: plan.revision ?? from.revision, installed });
  }
  const lines = packs.map(({ id, installed }) =>
    installed === null ? `newest    ${id}` : `${paint.good('upgraded')}  ${id}  ${formatBytes(installed.fetchedBytes)} fetched`,
  );
  return { document: { packs }, text: lines.length === 0 ? 'No model came from the hub.' : lines.join('\n'), failed: false };
}
