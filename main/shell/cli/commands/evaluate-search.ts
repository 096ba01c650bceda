import { basename } from 'node:path';
import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import { StudioError } from '../../../../contract/errors.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import { readerChoiceSchema } from '../../../../contract/texts/reader-choice.ts';
import type { ReaderChoice } from '../../../../contract/texts/reader-choice.ts';
import type { Studio } from '../../../studio.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { addDrawingOptions, packOption, toSettings } from '../command-options.ts';
import type { DrawingFlags } from '../command-options.ts';
import { imageError, imageErrorSchema } from '../image-error.ts';
import type { ImageError } from '../image-error.ts';
import { addImages, concernsAll, noneRead } from '../input/add-images.ts';
import { choosePack } from '../input/choose-pack.ts';
import { readCaption } from '../input/reader-spec.ts';
import { readText } from '../input/read-text.ts';
import { nameFailure } from '../name-failure.ts';
import { cleanLine } from '../output/clean-line.ts';
import { formatTable } from '../output/format-table.ts';
import { makeOutFolder } from '../output/make-out-folder.ts';
import { paint } from '../output/paint.ts';
import { writeSearchFigures } from '../output/write-search-figures.ts';
import { runJob } from '../run-job.ts';
import { beginnings, factsSchema, searchStepSchema, summariseSearch, tellTruth } from '../summarise-search.ts';
import type { BeginningName, Facts, MeasuredText, SearchStep } from '../summarise-search.ts';

/** What `evaluate search --json` prints. */
export const evaluateSearchOutputSchema = z.object({
  packId: z.string(),
  steps: z.array(searchStepSchema),
  files: z.array(z.string()),
  errors: z.array(imageErrorSchema),
});

interface SearchFlags extends DrawingFlags {
  readonly from: BeginningName[];
  readonly budgets: number[];
  readonly length: number;
  readonly facts?: string;
  readonly out: string;
  readonly pack?: string;
}

const DEFAULT_SEED = 1;

export function addEvaluateSearchCommand(evaluate: Command, choose: ChooseCommand): void {
  const command = evaluate
    .command('search')
    .description(
      'Reads pictures by the decoder’s loss with growing budgets, draws each text, and measures what a budget buys. Table and curves go to the folder.',
    )
    .argument('<image...>', 'picture files, folders or patterns')
    .option(
      '--from <list>',
      `what searches begin with: ${beginnings.join(',')}; text is the file beside the picture that ends in .txt`,
      parseFrom,
      ['encoder'],
    )
    .option('--budgets <list>', 'losses that may be asked for, with commas between', parseNumbers, [150, 300, 600])
    .option('--length <tokens>', 'tokens of the texts', parseNumber, 15)
    .option(
      '--facts <file>',
      'what is true of the pictures, as JSON: {"pictures":{"a.png":{"words":["red","fox"],"objects":["fox"]}},"kinds":{"colour":["red","blue"]}}',
    );
  addDrawingOptions(command)
    .requiredOption('--out <folder>', 'where table and curves go')
    .addOption(packOption())
    .action((names: string[], flags: SearchFlags) => choose((context) => evaluateSearch(names, flags, context)));
}

function parseNumber(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(text);
}
function parseNumbers(list: string): number[] {
  return [...new Set(list.split(',').map((one) => parseNumber(one.trim())))].sort((a, b) => a - b);
}
function parseFrom(list: string): BeginningName[] {
  return list.split(',').map((one) => {
    const known = beginnings.find((name) => name === one.trim());
    if (known === undefined) throw new InvalidArgumentError(`${one} is none of ${beginnings.join(', ')}.`);
    return known;
  });
}

async function evaluateSearch(names: readonly string[], flags: SearchFlags, context: CommandContext): Promise<CommandResult> {
  makeOutFolder(flags.out);
  const facts = flags.facts === undefined ? null : await readFacts(flags.facts);
  const studio = await context.openStudio('temporary');
  const { id: packId } = await choosePack(studio.client, flags.pack, ['decoder', 'scorer']);
  const added = await addImages(names, studio, context);
  const errors: ImageError[] = [...added.errors];
  const measured: MeasuredText[] = [];
  let files: string[] = [];
  for (const [at, { path, sha256 }] of added.images.entries()) {
    try {
      for (const from of flags.from) {
        const label = `${cleanLine(path)} from ${from} (${at + 1} of ${added.images.length})`;
        const picture = { path, sha256, packId, from, label, facts };
        measured.push(...(await measurePicture(studio, picture, flags, context)));
      }
    } catch (cause) {
      const error = nameFailure(cause);
      if (context.signal.aborted || concernsAll(error)) throw cause;
      errors.push(imageError(path, error));
    }
    // After each picture: a measurement takes hours, and one that is stopped keeps what it has.
    if (measured.length > 0) files = await writeSearchFigures(flags.out, measured);
  }
  if (measured.length === 0) throw noneRead(errors);
  const steps = summariseSearch(measured);
  return { document: { packId, steps, files, errors }, text: format(steps, files), failed: errors.length > 0 };
}

async function readFacts(path: string): Promise<Facts> {
  const read = factsSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (read.success) return read.data;
  throw new StudioError('bad-request', `${path} holds no facts of pictures.`, 'See `evaluate search --help` for the form.', {
    path,
  });
}

interface Picture {
  readonly path: string;
  readonly sha256: string;
  readonly packId: string;
  readonly from: BeginningName;
  readonly label: string;
  readonly facts: Facts | null;
}

async function measurePicture(
  studio: Studio,
  picture: Picture,
  flags: SearchFlags,
  context: CommandContext,
): Promise<MeasuredText[]> {
  const { client } = studio;
  const { path, packId, from } = picture;
  const seed = flags.seed ?? DEFAULT_SEED;
  const caption = from === 'text' ? await readCaption(path, packId, client) : null;
  const search = (evaluations: number): ReaderChoice =>
    readerChoiceSchema.parse({
      method: 'decoder-search',
      from,
      seed,
      evaluations,
      ...(caption === null ? {} : { document: caption }),
    });
  const measured: MeasuredText[] = [];
  if (caption !== null)
    measured.push(await draw(studio, picture, 0, { document: caption, seconds: 0, loss: null }, flags, context));
  if (from === 'encoder') {
    const read = await readWith(studio, picture, { method: 'encoder' }, flags, context);
    measured.push(await draw(studio, picture, 0, read, flags, context));
  }
  for (const budget of flags.budgets) {
    const read = await readWith(studio, picture, search(budget), flags, context);
    measured.push(await draw(studio, picture, budget, read, flags, context));
  }
  return measured;
}

interface ReadText {
  readonly document: PromptDocument;
  readonly seconds: number;
  readonly loss: MeasuredText['loss'];
}

async function readWith(
  { client }: Studio,
  { sha256, packId, label }: Picture,
  reader: ReaderChoice,
  flags: SearchFlags,
  context: CommandContext,
): Promise<ReadText> {
  const startMs = performance.now();
  const request = { kind: 'encode' as const, packId, imageSha256s: [sha256], lengths: [flags.length], reader };
  const [image] = (await runJob(client, request, label, context)).images;
  if (image?.error) throw StudioError.fromBody(image.error);
  const [found] = image?.documents ?? [];
  if (found === undefined) throw new Error('no text for the picture');
  return { document: found.document, seconds: (performance.now() - startMs) / 1000, loss: found.loss ?? null };
}

async function draw(
  { client }: Studio,
  { path, sha256, packId, from, label, facts }: Picture,
  budget: number,
  { document, seconds, loss }: ReadText,
  flags: SearchFlags,
  context: CommandContext,
): Promise<MeasuredText> {
  const settings = toSettings({ ...flags, seed: flags.seed ?? DEFAULT_SEED }, 1);
  const prompt = { type: 'document' as const, document };
  const { items } = await runJob(client, { kind: 'generate' as const, packId, prompt, settings, parents: [] }, label, context);
  const pairs = items.flatMap((item) => (item.kind === 'generation' ? [{ original: sha256, drawn: item.image.sha256 }] : []));
  const { similarity, pixelError } = await client.evaluation.pictures({ packId, pairs });
  const { id } = await client.prompts.save({ document, parents: [] });
  const words = (await readText(client, id)).split(/\s+/u).filter((word) => word !== '');
  const told = facts === null ? null : tellTruth(words, basename(path), facts);
  return { path, from, budget, similarity, pixelError, seconds, loss, words, told };
}

function format(steps: readonly SearchStep[], files: readonly string[]): string {
  const head = [
    'from',
    'budget',
    'pictures',
    'similarity',
    'gain',
    'pixel error',
    'loss',
    'asked',
    'seconds',
    'recall',
    'true / false',
  ];
  const rows = steps.map((step) => [
    step.from,
    String(step.budget),
    String(step.images),
    step.similarity.toFixed(3),
    step.gain === null
      ? '–'
      : `${step.gain.mean.toFixed(3)}${step.gain.error === null ? '' : ` ± ${step.gain.error.toFixed(3)}`}`,
    step.pixelError.toFixed(3),
    step.loss?.toFixed(4) ?? '–',
    step.evaluations.toFixed(0),
    step.seconds.toFixed(1),
    step.recall?.toFixed(2) ?? '–',
    step.wordsTrue === null ? '–' : `${step.wordsTrue} / ${step.wordsFalse ?? 0}`,
  ]);
  return [formatTable([head.map(paint.faint), ...rows]), ...files.map(cleanLine)].join('\n');
}
