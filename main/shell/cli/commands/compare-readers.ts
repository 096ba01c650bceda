import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { StudioError } from '../../../../contract/errors.ts';
import { toDashedName } from '../../../../contract/file-name.ts';
import { findJudge, isPartial, judgeOf } from '../../../../contract/texts/judge.ts';
import type { Judge } from '../../../../contract/texts/judge.ts';
import { guidesOf } from '../../../../contract/texts/prompt.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import type { Studio } from '../../../studio.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { addDrawingOptions, packOption, parseCount, toSettings } from '../command-options.ts';
import type { DrawingFlags } from '../command-options.ts';
import { imageError, imageErrorSchema } from '../image-error.ts';
import type { ImageError } from '../image-error.ts';
import { addImages, concernsAll, noneRead } from '../input/add-images.ts';
import { choosePack } from '../input/choose-pack.ts';
import { choiceFor, parseReaders, readCaption, takesCaption } from '../input/reader-spec.ts';
import type { ReaderSpec } from '../input/reader-spec.ts';
import { readText } from '../input/read-text.ts';
import { nameFailure } from '../name-failure.ts';
import { cleanLine } from '../output/clean-line.ts';
import { formatTable } from '../output/format-table.ts';
import { keepPictures } from '../output/keep-pictures.ts';
import { makeOutFolder } from '../output/make-out-folder.ts';
import { paint } from '../output/paint.ts';
import { explainJudge, readSchema, writeReaders } from '../output/write-readers.ts';
import type { Read } from '../output/write-readers.ts';
import { runJob } from '../run-job.ts';

const meanSchema = z.object({
  reader: z.string(),
  images: z.number().int(),
  similarity: z.number().nullable(),
  pixelError: z.number(),
  seconds: z.number(),
});
type Mean = z.infer<typeof meanSchema>;

/** What `compare-readers --json` prints. */
export const compareReadersOutputSchema = z.object({
  packId: z.string(),
  /** The pack whose scorer judges. */
  judge: z.string(),
  images: z.array(readSchema),
  readers: z.array(meanSchema),
  files: z.array(z.string()),
  errors: z.array(imageErrorSchema),
});

interface CompareFlags extends DrawingFlags {
  readonly readers: ReaderSpec[];
  readonly seeds: number;
  readonly judge?: string;
  readonly out: string;
  readonly pack?: string;
}

/** Every reader's text is drawn from the same noise, and again by the next run. */
const DEFAULT_SEED = 1;

export function addCompareReadersCommand(program: Command, choose: ChooseCommand): void {
  const command = program
    .command('compare-readers')
    .summary('several readers of the same pictures, side by side')
    .description(
      'Reads pictures with several readers, draws each text again, and measures how near the drawings come, by a judge that guided none of ' +
        'them. Drawings, table, page and grid go to the folder.',
    )
    .argument('<image...>', 'picture files, folders or patterns')
    .requiredOption(
      '--readers <list>',
      'readers with commas between, each with its tokens behind a colon: encoder:75,decoder-search,clip-search,caption; a caption is the file beside the picture that ends in .txt, and caption@name what that connection says',
      parseReaders,
    )
    .option('--seeds <n>', 'pictures drawn from each text', parseCount, 1)
    .option('--judge <model>', 'the model whose scorer judges; absent: another than the reader’s own where one is installed');
  addDrawingOptions(command)
    .requiredOption('--out <folder>', 'where everything goes')
    .addOption(packOption())
    .action((names: string[], flags: CompareFlags) => choose((context) => compareReaders(names, flags, context)));
}

async function compareReaders(names: readonly string[], flags: CompareFlags, context: CommandContext): Promise<CommandResult> {
  makeOutFolder(flags.out);
  const studio = await context.openStudio('temporary');
  const { id: packId } = await choosePack(studio.client, flags.pack, ['decoder', 'scorer']);
  const judge = await chooseJudge(studio, packId, flags.judge);
  const added = await addImages(names, studio, context);
  const errors: ImageError[] = [...added.errors];
  const reads: Read[] = [];
  for (const [at, { path, sha256 }] of added.images.entries()) {
    for (const spec of flags.readers) {
      const label = `${spec.label}, ${cleanLine(path)} (${at + 1} of ${added.images.length})`;
      try {
        reads.push(await readAndDraw(studio, { path, sha256, packId, judge, spec, flags, label }, context));
      } catch (cause) {
        const error = nameFailure(cause);
        if (context.signal.aborted || concernsAll(error)) throw cause;
        errors.push(imageError(`${path}, ${spec.label}`, error));
      }
    }
  }
  if (reads.length === 0) throw noneRead(errors);
  const readers = flags.readers.flatMap((spec) => toMean(spec, reads));
  const files = await writeReaders(studio, flags, judge, reads, context.signal);
  const images = reads.map((read) => readSchema.parse(read));
  const text = format(readers, judge, files);
  return { document: { packId, judge: judge.packId, images, readers, files, errors }, text, failed: errors.length > 0 };
}

/** The judge that was asked for, or one that guides no search here where there is one. */
async function chooseJudge({ client }: Studio, packId: string, wish: string | undefined): Promise<Judge> {
  if (wish !== undefined) return judgeOf(client, (await choosePack(client, wish, ['scorer'])).id, packId);
  return (await findJudge(client, packId)) ?? judgeOf(client, packId, packId);
}

interface Reading {
  readonly path: string;
  readonly sha256: string;
  readonly packId: string;
  readonly judge: Judge;
  readonly spec: ReaderSpec;
  readonly flags: CompareFlags;
  readonly label: string;
}

async function readAndDraw(studio: Studio, reading: Reading, context: CommandContext): Promise<Read> {
  const { path, sha256, packId, judge, spec, flags, label } = reading;
  const startMs = performance.now();
  const { document, text, itemId } = await read(studio, reading, context);
  const seconds = (performance.now() - startMs) / 1000;
  const settings = toSettings({ ...flags, seed: flags.seed ?? DEFAULT_SEED }, flags.seeds);
  const prompt = { type: 'document' as const, document };
  const request = { kind: 'generate' as const, packId, prompt, settings, parents: [itemId] };
  const { items } = await runJob(studio.client, request, label, context);
  const name = `${toDashedName(basename(path, extname(path)))}-${toDashedName(spec.label)}`;
  const kept = await keepPictures(studio, items, flags.out, name);
  const drawn = items.flatMap((item) => (item.kind === 'generation' ? [item.image.sha256] : []));
  const pairs = drawn.map((one) => ({ original: sha256, drawn: one }));
  const [guide = null] = guidesOf(document);
  const score = await studio.client.evaluation.pictures({ packId: judge.packId, pairs });
  return {
    image: path,
    reader: spec.label,
    text,
    seconds,
    files: kept.map((picture) => picture.path),
    guide,
    // A judge is not asked about texts that it had a say in.
    similarity: (await isPartial(studio.client, judge, document)) ? null : score.similarity,
    pixelError: score.pixelError,
    original: sha256,
    drawn,
  };
}

async function read(
  { client }: Studio,
  { path, sha256, packId, spec, flags, label }: Reading,
  context: CommandContext,
): Promise<{ readonly document: PromptDocument; readonly text: string; readonly itemId: string }> {
  const caption = takesCaption(spec) ? await readCaption(path, packId, client) : null;
  const reader = choiceFor(spec, flags.seed ?? DEFAULT_SEED, caption);
  if (reader === null) {
    if (caption === null) throw new Error('a reader without a way to read');
    const { id: itemId } = await client.prompts.save({ document: caption, parents: [] });
    return { document: caption, text: await readText(client, itemId), itemId };
  }
  const request = { kind: 'encode' as const, packId, imageSha256s: [sha256], lengths: [spec.length], reader };
  const [image] = (await runJob(client, request, label, context)).images;
  if (image?.error) throw StudioError.fromBody(image.error);
  const [found] = image?.documents ?? [];
  if (found === undefined) throw new Error('no text for the picture');
  return { document: found.document, text: await readText(client, found.itemId), itemId: found.itemId };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function toMean(spec: ReaderSpec, reads: readonly Read[]): Mean[] {
  const own = reads.filter(({ reader }) => reader === spec.label);
  if (own.length === 0) return [];
  const similarities = own.flatMap(({ similarity }) => similarity ?? []);
  return [
    {
      reader: spec.label,
      images: own.length,
      similarity: similarities.length === 0 ? null : mean(similarities),
      pixelError: mean(own.map(({ pixelError }) => pixelError)),
      seconds: mean(own.map(({ seconds }) => seconds)),
    },
  ];
}

function format(readers: readonly Mean[], judge: Judge, files: readonly string[]): string {
  const head = ['reader', 'pictures', 'similarity', 'pixel error', 'seconds'].map(paint.faint);
  const rows = readers.map(({ reader, images, similarity, pixelError, seconds }) => [
    reader,
    String(images),
    similarity === null ? '–' : similarity.toFixed(3),
    pixelError.toFixed(3),
    seconds.toFixed(1),
  ]);
  return [formatTable([head, ...rows]), explainJudge(judge), ...files.map(cleanLine)].join('\n');
}
