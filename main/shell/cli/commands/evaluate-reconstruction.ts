import { join } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import { StudioError } from '../../../../contract/errors.ts';
import { picturesScoreSchema } from '../../../../contract/texts/evaluation.ts';
import type { Studio } from '../../../studio.ts';
import { CSV_MARK, csvLine } from '../../../files/csv-line.ts';
import { writeWhole } from '../../../files/write-whole.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { addDrawingOptions, packOption, parseCount, parseGuidance, toSettings } from '../command-options.ts';
import type { DrawingFlags } from '../command-options.ts';
import { imageError, imageErrorSchema } from '../image-error.ts';
import { addImages, concernsAll } from '../input/add-images.ts';
import { askReader, chooseLength } from '../input/choose-length.ts';
import { choosePack } from '../input/choose-pack.ts';
import { nameFailure } from '../name-failure.ts';
import { cleanLine } from '../output/clean-line.ts';
import { formatTable } from '../output/format-table.ts';
import { makeOutFolder } from '../output/make-out-folder.ts';
import { paint } from '../output/paint.ts';
import { plotLines } from '../output/plot-lines.ts';
import type { LinePlot } from '../output/plot-lines.ts';
import { runJob } from '../run-job.ts';

/** One length and one guidance, over all pictures. */
const stepSchema = picturesScoreSchema.extend({
  length: z.number().int(),
  guidance: z.number(),
  /** Mean fidelity, 0..1 on the pack's own scale, and its sample standard deviation over the pictures. */
  fidelity: z.number(),
  fidelitySpread: z.number(),
});
type Step = z.infer<typeof stepSchema>;
/** What `evaluate reconstruction --json` prints. */
export const evaluateReconstructionOutputSchema = z.object({
  packId: z.string(),
  steps: z.array(stepSchema),
  files: z.array(z.string()),
  errors: z.array(imageErrorSchema),
});

interface ReconstructionFlags extends Omit<DrawingFlags, 'guidance'> {
  readonly lengths?: number[];
  readonly guidance?: number[];
  readonly seeds: number;
  readonly out: string;
  readonly pack?: string;
}

/** Every length and guidance is drawn from the same noise, and again by the next run. */
const DEFAULT_SEED = 1;

/** Numbers with commas between, each as one alone is read. */
const listOf =
  (parse: (text: string) => number) =>
  (text: string): number[] => {
    const values = text.split(',').map((one) => parse(one.trim()));
    if (new Set(values).size !== values.length) throw new InvalidArgumentError('Name each number once.');
    return values;
  };

function parseLength(text: string): number {
  const length = Number(text);
  if (!/^\d{1,4}$/.test(text) || length === 0)
    throw new InvalidArgumentError('It must be whole numbers with commas between, such as 5,15,75.');
  return length;
}

export function addReconstructionCommand(evaluate: Command, choose: ChooseCommand): void {
  const command = evaluate
    .command('reconstruction')
    .description(
      'Reads pictures, draws them again at each length and guidance, and measures how near the drawings come: fidelity, similarity, and FID ' +
        'where an installed model brings its features, or else the Fréchet distance over those of the model’s scorer, which is no FID. Table ' +
        'and plots go to the folder.',
    )
    .argument('<image...>', 'picture files, folders or patterns')
    .option('--lengths <list>', 'tokens of the texts, such as 5,15,75; absent: all that the model reads', listOf(parseLength))
    .option('--seeds <n>', 'pictures drawn from each text', parseCount, 1);
  const guidance = new Option('--guidance <list>', 'classifier-free guidance, one or more with commas between, such as 1,3,7');
  addDrawingOptions(command, guidance.argParser(listOf(parseGuidance)))
    .requiredOption('--out <folder>', 'where table and plots go')
    .addOption(packOption())
    .action((names: string[], flags: ReconstructionFlags) => choose((context) => evaluateReconstruction(names, flags, context)));
}

async function evaluateReconstruction(
  names: readonly string[],
  flags: ReconstructionFlags,
  context: CommandContext,
): Promise<CommandResult> {
  makeOutFolder(flags.out);
  const studio = await context.openStudio('temporary');
  const { id: packId } = await choosePack(studio.client, flags.pack, ['encoder', 'decoder', 'scorer']);
  const reader = await askReader(studio.client, packId);
  const lengths = flags.lengths?.map((length) => chooseLength(reader, length)) ?? reader.lengths;
  const { drawer } = await studio.client.packs.abilities({ packId });
  const guidances = flags.guidance ?? [drawer?.defaults.guidance ?? 1];
  const added = await addImages(names, studio, context);
  const errors = [...added.errors];
  const drawn = new DrawnAgain();
  for (const [index, { path, sha256 }] of added.images.entries()) {
    for (const guidance of guidances) {
      const settings = toSettings({ ...flags, seed: flags.seed ?? DEFAULT_SEED, guidance }, flags.seeds);
      const request = { kind: 'roundtrip' as const, packId, imageSha256: sha256, lengths: [...lengths], settings };
      const label = `${cleanLine(path)}, guidance ${guidance} (${index + 1} of ${added.images.length})`;
      try {
        const { rounds } = await runJob(studio.client, request, label, context);
        rounds.forEach(({ items, fidelity }, at) => drawn.add(lengths[at] ?? 0, guidance, sha256, items, fidelity.mean));
      } catch (cause) {
        const error = nameFailure(cause);
        if (context.signal.aborted || concernsAll(error)) throw cause;
        errors.push(imageError(path, error));
        break;
      }
    }
    await studio.client.jobs.clear();
  }
  const steps = await drawn.score(studio, packId);
  if (steps.length === 0) throw new StudioError('not-found', 'No picture was drawn again.', 'Look at what was said of each.');
  const files = await writeFigures(flags.out, steps);
  return { document: { packId, steps, files, errors }, text: format(steps, files), failed: errors.length > 0 };
}

interface DrawnStep {
  readonly length: number;
  readonly guidance: number;
  readonly pairs: { original: string; drawn: string }[];
  readonly fidelities: number[];
}

/** What was drawn again, by length and guidance. */
class DrawnAgain {
  readonly #steps = new Map<string, DrawnStep>();

  add(
    length: number,
    guidance: number,
    original: string,
    items: readonly { readonly kind: string; readonly image?: { readonly sha256: string } }[],
    fidelity: number,
  ): void {
    const key = `${length} ${guidance}`;
    const step = this.#steps.get(key) ?? { length, guidance, pairs: [], fidelities: [] };
    this.#steps.set(key, step);
    step.fidelities.push(fidelity);
    for (const { image } of items) if (image !== undefined) step.pairs.push({ original, drawn: image.sha256 });
  }

  /** By length, then by guidance. */
  async score({ client }: Studio, packId: string): Promise<Step[]> {
    const steps: Step[] = [];
    for (const { length, guidance, pairs, fidelities } of this.#steps.values()) {
      const score = await client.evaluation.pictures({ packId, pairs });
      const mean = fidelities.reduce((sum, one) => sum + one, 0) / fidelities.length;
      const squares = fidelities.reduce((sum, one) => sum + (one - mean) ** 2, 0);
      const fidelitySpread = fidelities.length < 2 ? 0 : Math.sqrt(squares / (fidelities.length - 1));
      steps.push({ length, guidance, fidelity: mean, fidelitySpread, ...score });
    }
    return steps.sort((a, b) => a.length - b.length || a.guidance - b.guidance);
  }
}

interface Figure {
  readonly name: string;
  readonly up: string;
  readonly of: (step: Step) => number | null;
}

const scorersDistance: Figure = {
  name: 'frechet-distance',
  up: 'Fréchet distance, scorer’s features',
  of: ({ frechet }) => frechet,
};
const fid: Figure = { name: 'fid', up: 'FID', of: (step) => step.fid?.value ?? null };
const hasFid = (steps: readonly Step[]): boolean => steps.some((step) => step.fid !== null);

const figuresOf = (steps: readonly Step[]): readonly Figure[] => [
  hasFid(steps) ? fid : scorersDistance,
  { name: 'similarity', up: 'Similarity, scorer’s cosine', of: ({ similarity }) => similarity },
  { name: 'fidelity', up: 'Fidelity', of: ({ fidelity }) => fidelity },
];

const AXES = [
  { key: 'length', by: 'guidance', name: 'by-length', across: 'Tokens' },
  { key: 'guidance', by: 'length', name: 'by-guidance', across: 'Guidance' },
] as const;

/** A table, and a plot of each figure over whatever was swept. */
async function writeFigures(folder: string, steps: readonly Step[]): Promise<string[]> {
  const table = join(folder, 'reconstruction.csv');
  const columns = ['length', 'guidance', 'originals', 'drawn', 'fidelity', 'fidelitySpread', 'similarity', 'frechet'] as const;
  const heads = [
    'length',
    'guidance',
    'originals',
    'drawn',
    'fidelity_mean',
    'fidelity_spread',
    'similarity',
    'frechet_distance',
  ];
  const more = hasFid(steps);
  const lines = steps.map((step) => csvLine([...columns.map((column) => step[column]), ...(more ? [fid.of(step)] : [])]));
  await writeWhole(table, CSV_MARK + csvLine([...heads, ...(more ? ['fid'] : [])]) + lines.join(''));
  const files = [table];
  for (const axis of AXES) {
    // One length, or one guidance, makes no line.
    if (new Set(steps.map((step) => step[axis.key])).size < 2) continue;
    for (const figure of figuresOf(steps)) {
      const plot = toPlot(steps, axis, figure);
      if (plot === null) continue;
      const path = join(folder, `${figure.name}-${axis.name}.svg`);
      await writeWhole(path, plotLines(plot));
      files.push(path);
    }
  }
  return files;
}

function toPlot(steps: readonly Step[], axis: (typeof AXES)[number], figure: Figure): LinePlot | null {
  const names = [...new Set(steps.map((step) => step[axis.by]))];
  const nameOf = (value: number): string => (axis.by === 'length' ? `${value} tokens` : `guidance ${value}`);
  const lines = names.map((value) => ({
    name: nameOf(value),
    points: steps.flatMap((step) => {
      const y = figure.of(step);
      return step[axis.by] === value && y !== null ? [{ x: step[axis.key], y }] : [];
    }),
  }));
  const told = lines.filter(({ points }) => points.length > 0);
  const title = `${figure.up} ${axis.name.replace('-', ' ')}`;
  return told.length === 0 ? null : { title, across: axis.across, up: figure.up, lines: told };
}

function format(steps: readonly Step[], files: readonly string[]): string {
  const distance = hasFid(steps) ? fid : scorersDistance;
  const head = ['tokens', 'guidance', 'fidelity', 'similarity', distance === fid ? 'FID' : 'Fréchet distance (scorer)'];
  const rows = steps.map((step) => [
    String(step.length),
    String(step.guidance),
    step.fidelity.toFixed(3),
    step.similarity.toFixed(3),
    distance.of(step)?.toFixed(distance === fid ? 2 : 4) ?? '–',
  ]);
  return [formatTable([head.map(paint.faint), ...rows]), ...files.map(cleanLine)].join('\n');
}
