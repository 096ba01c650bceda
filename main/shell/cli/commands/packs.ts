import type { Command } from 'commander';
import { resolve } from 'node:path';
import { z } from 'zod';
import { packManifestSchema, packSummarySchema, packVerificationSchema } from '../../../../contract/models/pack.ts';
import { tritonExportSchema } from '../../../../contract/models/triton-export.ts';
import { lengthsOf } from '../../../../contract/models/pack.ts';
import type { PackManifest, PackSummary, PackVerification } from '../../../../contract/models/pack.ts';
import type { StudioClient } from '../../../../contract/methods.ts';
import { cleanLine } from '../output/clean-line.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { formatBytes } from '../output/format-bytes.ts';
import { formatTable } from '../output/format-table.ts';
import { paint } from '../output/paint.ts';
import { addPackConversionCommand } from './pack-conversion.ts';
import { addPackInstallCommands } from './pack-installs.ts';

/** What `packs info --json`, `packs verify --json` and, of the packs that are left, `list`, `remove` and `move` print. */
export const packsListOutputSchema = z.object({ packs: z.array(packSummarySchema) });
export const packsInfoOutputSchema = z.object({ pack: packManifestSchema, crashed: packSummarySchema.shape.crashed });
/** What `packs export --json` prints. */
export const packsExportOutputSchema = tritonExportSchema;
/** What `packs use --json` prints: the model that is used where none is named. */
export const packsUseOutputSchema = z.object({ packId: z.string() });
export const packsVerifyOutputSchema = z.object({ packs: z.array(packVerificationSchema) });

export function addPacksCommand(program: Command, choose: ChooseCommand): void {
  const packs = program.command('packs').summary('models on this machine').description('The models on this machine.');
  packs
    .command('list')
    .description('Lists the models.')
    .action(() => choose(listPacks));
  packs
    .command('info')
    .description('Says what a model is, what it can and cannot describe, and under which licence.')
    .argument('<model>', 'its id')
    .action((packId: string) => choose((context) => showPack(packId, context)));
  packs
    .command('verify')
    .description('Compares every file of the models with its size and sha256 in the manifest.')
    .argument('[pack...]', 'their ids; all when left out')
    .action((packIds: string[]) => choose((context) => verifyPacks(packIds, context)));
  addPackInstallCommands(packs, choose);
  addPackConversionCommand(packs, choose);
  packs
    .command('remove')
    .description('Deletes a model, and what is kept of one whose install stopped.')
    .argument('<model>', 'its id')
    .action((packId: string) => choose((context) => removePack(packId, context)));
  packs
    .command('move')
    .description('Takes a model to another folder, on another disk for one; it is used from there.')
    .argument('<model>', 'its id')
    .argument('<folder>', 'where it will lie, in a folder of its id; the models folder takes it back')
    .action((packId: string, folder: string) => choose((context) => movePack(packId, folder, context)));
  packs
    .command('export')
    .description(
      'Writes the graphs of a model as a model repository of Triton, with a compose file and a Kubernetes manifest that start it.',
    )
    .argument('<model>', 'its id')
    .requiredOption('--triton <folder>', 'a folder that is not there yet, or empty')
    .action((packId: string, flags: { readonly triton: string }) => choose((context) => exportPack(packId, flags, context)));
  packs
    .command('use')
    .description('Uses a model where none is named.')
    .argument('<model>', 'its id')
    .action((packId: string) => choose((context) => usePack(packId, context)));
}

async function exportPack(
  packId: string,
  { triton }: { readonly triton: string },
  context: CommandContext,
): Promise<CommandResult> {
  const { client } = await context.openStudio('temporary');
  const written = await client.packs.exportTriton({ packId, folder: resolve(triton) }, { signal: context.signal });
  const lines = [
    `written  ${written.folder}  ${formatBytes(written.bytes)}`,
    ...written.models.map((name) => `  ${cleanLine(name)}`),
  ];
  return { document: written, text: lines.join('\n'), failed: false };
}

async function listPacks(context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('temporary');
  const packs = await client.packs.list();
  const rows = packs.map((pack) => [
    paint.strong(pack.id),
    pack.version,
    pack.roles.join(', '),
    pack.lengths.join('/'),
    formatBytes(pack.bytes),
    pack.licence,
    cleanLine(pack.name),
    pack.crashed.length === 0 ? '' : paint.bad('ended the engine'),
  ]);
  const text = packs.length === 0 ? 'No models.' : formatTable(rows);
  return { document: { packs }, text, failed: false };
}

async function showPack(packId: string, context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('temporary');
  const pack = await client.packs.info({ packId });
  const crashed = await findCrashed(client, packId);
  const way = `\`packs verify ${packId}\` lets it be tried once more if its files are right, \`packs remove ${packId}\` deletes it.`;
  const lines = crashed.length === 0 ? [] : ['', paint.bad('Not tried again'), ...crashed.map(tellCrashed), `  ${way}`];
  return { document: { pack, crashed }, text: [describePack(pack), ...lines].join('\n'), failed: false };
}

async function findCrashed(client: StudioClient, packId: string): Promise<PackSummary['crashed']> {
  return (await client.packs.list()).find(({ id }) => id === packId)?.crashed ?? [];
}

function tellCrashed({ graph, device }: PackSummary['crashed'][number]): string {
  return `  ${cleanLine(`${graph} ended the engine on ${device}.`)}`;
}

function describePack(pack: PackManifest): string {
  const bytes = pack.files.reduce((sum, file) => sum + file.bytes, 0);
  const { encoder, decoder } = pack.roles;
  const facts = formatTable([
    ['roles', Object.keys(pack.roles).join(', ')],
    ['lengths', encoder === undefined ? '' : lengthsOf(encoder).join(', ')],
    ['pictures', decoder === undefined ? '–' : `${decoder.image.width} × ${decoder.image.height}`],
    ['size', `${formatBytes(bytes)} in ${pack.files.length} files, ${pack.minimumMemoryMb} MB of memory`],
    ['licence', `${pack.licence.spdx} ${cleanLine(pack.licence.notice)}`],
    ['source', cleanLine(`${pack.source.repository} ${pack.source.revision}`)],
  ]);
  const list = (title: string, sentences: readonly string[]): string[] =>
    sentences.length === 0 ? [] : ['', title, ...sentences.map((sentence) => `  ${cleanLine(sentence)}`)];
  return [
    `${paint.strong(cleanLine(pack.name))} ${pack.version}`,
    cleanLine(pack.summary),
    '',
    facts,
    ...list('Describes', pack.world?.describes ?? []),
    ...list('Cannot', pack.world?.cannot ?? []),
  ].join('\n');
}

async function removePack(packId: string, context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('own');
  const kept = await client.packs.keptInstalls();
  const isKept = kept.some((one) => one.packId === packId);
  if (isKept) await client.packs.discardInstall({ packId });
  const isThere = (await client.packs.list()).some(({ id }) => id === packId);
  const packs = isThere || !isKept ? (await client.packs.remove({ packId })).packs : await client.packs.list();
  return { document: { packs }, text: `removed  ${packId}`, failed: false };
}

async function movePack(packId: string, folder: string, context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('own');
  const { packs } = await client.packs.move({ packId, folder: resolve(folder) }, { signal: context.signal });
  return { document: { packs }, text: `moved  ${packId}  ${resolve(folder, packId)}`, failed: false };
}

async function usePack(packId: string, context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('own');
  // A name that nobody has would be told only by the next picture.
  await client.packs.info({ packId });
  await client.settings.update({ packId });
  return { document: { packId }, text: `in use  ${packId}`, failed: false };
}

const FOUND = {
  missing: 'missing',
  irregular: 'a link or something that is no file',
  unlisted: 'not named in pack.json',
};

async function verifyPacks(packIds: readonly string[], context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('temporary');
  const ids = packIds.length > 0 ? packIds : (await client.packs.list()).map((pack) => pack.id);
  const packs: PackVerification[] = [];
  const crashed = new Map<string, PackSummary['crashed']>();
  for (const packId of ids) {
    crashed.set(packId, await findCrashed(client, packId));
    packs.push(await client.packs.verify({ packId }, { signal: context.signal }));
  }
  const lines = packs.flatMap((pack) => [
    `${pack.ok ? paint.good('whole') : paint.bad('damaged')}  ${pack.id}  ${pack.checked} files checked`,
    ...(pack.ok ? (crashed.get(pack.id) ?? []).map((one) => `${tellCrashed(one)} It is tried once more.`) : []),
    ...pack.problems.map(({ path, problem, expected, actual }) => {
      const isOther = problem === 'size' || problem === 'sha256';
      const found = isOther ? `${problem} is ${actual}, not ${expected}` : FOUND[problem];
      return `  ${cleanLine(path)}: ${found}`;
    }),
  ]);
  return { document: { packs }, text: lines.join('\n'), failed: packs.some((pack) => !pack.ok) };
}
