import { stat } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { idSchema } from '../../../../contract/identity.ts';
import type { LibraryItem } from '../../../../contract/library.ts';
import { StudioError } from '../../../../contract/errors.ts';
import { metadataReadingSchema } from '../../../../contract/texts/metadata.ts';
import type { MetadataReading, PictureMetadata } from '../../../../contract/texts/metadata.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { cleanLine } from '../output/clean-line.ts';
import { formatTable } from '../output/format-table.ts';
import { keepFile } from '../output/keep-file.ts';
import { makeOutFolder } from '../output/make-out-folder.ts';
import { paint } from '../output/paint.ts';

/** What `metadata read --json` prints. */
export const metadataReadOutputSchema = metadataReadingSchema.extend({ source: z.string() });
/** What `metadata strip --json` prints. */
export const metadataStripOutputSchema = z.object({ source: z.string(), file: z.string(), removed: z.array(z.string()) });

export function addMetadataCommand(program: Command, choose: ChooseCommand): void {
  const metadata = program
    .command('metadata')
    .summary('what a picture file says of how it was made')
    .description('What a picture file says of how it was made: read it, or take it out.');
  metadata
    .command('read')
    .description('Prints prompt, seed and settings that a program wrote into the picture.')
    .argument('<image or library id>', 'a picture file, or the id of a library item')
    .action((source: string) => choose((context) => read(source, context)));
  metadata
    .command('strip')
    .description('Writes a copy without texts, places, previews and comments. The pixels stay bit for bit.')
    .argument('<image>', 'a picture file: PNG, JPEG, WebP or AVIF')
    .option('--out <folder>', 'where the copy goes; beside the picture when left out')
    .action((source: string, flags: { readonly out?: string }) => choose((context) => strip(source, flags.out, context)));
}

async function read(source: string, context: CommandContext): Promise<CommandResult> {
  const { client, sha256 } = await findPicture(source, context);
  const reading = await client.images.metadata({ sha256 });
  for (const problem of reading.problems) context.say(problem);
  return { document: { source, ...reading }, text: formatReading(reading), failed: false };
}

async function findPicture(source: string, context: CommandContext) {
  const facts = await stat(source).catch(() => null);
  if (facts === null && idSchema.safeParse(source).success) {
    const { client } = await context.openStudio('look');
    return { client, sha256: pictureOf(await client.library.get({ itemId: source })) };
  }
  const studio = await context.openStudio('temporary');
  const added = await studio.addImage(source, { signal: context.signal });
  return { client: studio.client, sha256: added.image.sha256 };
}

function pictureOf(item: LibraryItem): string {
  if (item.kind !== 'prompt') return item.image.sha256;
  throw new StudioError('bad-request', `${item.id} is a text.`, 'Name a picture.', { itemId: item.id });
}

function formatReading({ metadata }: MetadataReading): string {
  if (metadata === null) return 'The picture says nothing of how it was made.';
  const { prompt, negative, notes } = metadata;
  return [
    paint.strong(cleanLine(prompt)),
    ...(negative === '' ? [] : [`${paint.faint('not:')} ${cleanLine(negative)}`]),
    formatTable(listSettings(metadata).map(([name, value]) => [paint.faint(name), cleanLine(value)])),
    ...(notes.length === 0
      ? []
      : ['', formatTable(notes.map(({ name, value }) => [paint.faint(cleanLine(name)), cleanLine(value)]))]),
  ].join('\n');
}

function listSettings(metadata: PictureMetadata): [string, string][] {
  const { writer, version, seed, width, height, steps, guidance, sampler, model } = metadata;
  const settings: [string, string | number | null][] = [
    ['written by', version === null ? writer : `${writer} ${version}`],
    ['seed', seed],
    ['size', width === null || height === null ? null : `${width} × ${height}`],
    ['steps', steps],
    ['guidance', guidance],
    ['sampler', sampler],
    ['model', model],
  ];
  return settings.flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, String(value)]]));
}

async function strip(source: string, out: string | undefined, context: CommandContext): Promise<CommandResult> {
  const folder = out ?? dirname(source);
  makeOutFolder(folder);
  const studio = await context.openStudio('temporary');
  const { bytes, removed } = await studio.stripPicture(source, context.signal);
  const ending = extname(source);
  const file = await keepFile(folder, `${basename(source, ending)}-stripped`, ending, bytes);
  const text =
    removed.length === 0 ? `${file}: there was nothing to take out.` : `${file}: without ${removed.map(cleanLine).join(', ')}.`;
  return { document: { source, file, removed }, text: cleanLine(text), failed: false };
}
