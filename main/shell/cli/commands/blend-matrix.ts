import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { blendRequestSchema, builtInWriter } from '../../../../contract/texts/blend.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import type { Studio } from '../../../studio.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { addDrawingOptions, lengthOption, packOption } from '../command-options.ts';
import type { DrawingFlags } from '../command-options.ts';
import { drawBlend, likesOf, prepareDrawing } from '../draw-blend.ts';
import type { BlendDrawing } from '../draw-blend.ts';
import { followBlend } from '../follow-blend.ts';
import { imageError, imageErrorSchema } from '../image-error.ts';
import type { ImageError } from '../image-error.ts';
import { findImages } from '../input/find-images.ts';
import { numberOption } from '../input/number-option.ts';
import { readDocuments } from '../input/read-documents.ts';
import { MatrixCells, matrixCellSchema } from '../matrix-cells.ts';
import type { CellMaking, MatrixCell } from '../matrix-cells.ts';
import { nameFailure } from '../name-failure.ts';
import { cleanLine } from '../output/clean-line.ts';
import { makeOutFolder } from '../output/make-out-folder.ts';
import { paint } from '../output/paint.ts';
import { writeMatrix } from '../output/write-matrix.ts';
import type { MatrixSource } from '../output/write-matrix.ts';
import { UsageError } from '../usage-error.ts';

/** What `blend-matrix --json` prints. */
export const blendMatrixOutputSchema = z.object({
  sources: z.array(z.object({ image: z.string(), sha256: z.string(), text: z.string() })),
  /** `object` and `scene` are places among the sources. */
  cells: z.array(matrixCellSchema.extend({ object: z.number().int(), scene: z.number().int() })),
  /** Cells that were made now, and those that an earlier run had made. */
  made: z.number().int(),
  kept: z.number().int(),
  files: z.array(z.string()),
  errors: z.array(imageErrorSchema),
});
type Output = z.infer<typeof blendMatrixOutputSchema>;

interface MatrixFlags extends DrawingFlags {
  readonly writer: string;
  readonly template?: string;
  readonly length?: string;
  readonly tokens?: number;
  readonly language?: string;
  readonly generate?: true;
  readonly out: string;
  readonly pack?: string;
}

interface Source extends MatrixSource {
  readonly document: PromptDocument;
}

/** Another run draws the same, and so goes on where one ended. */
const DEFAULT_SEED = 1;

export function addBlendMatrixCommand(program: Command, choose: ChooseCommand): void {
  const command = program
    .command('blend-matrix')
    .summary('every picture of a folder blended with every other')
    .description(
      'Blends each picture of a folder with each other, as a table (matrix.csv), a page that needs no other file (matrix.html) and, drawn, a ' +
        'grid (matrix.png). What is done stays in the folder: the same command goes on where an earlier one ended.',
    )
    .argument('<image...>', 'picture files, folders or patterns; two or more pictures')
    .requiredOption('--out <folder>', 'where it goes')
    .option('--generate', 'draw every blend')
    .option('--writer <name>', 'who writes: builtin, or a connection (see `connections list`)', builtInWriter)
    .option('--template <id>', 'the template a language model is asked with')
    .addOption(lengthOption())
    .option('--tokens <n>', 'most tokens of each text', numberOption(blendRequestSchema.shape.limit.unwrap()))
    .option('--language <name>', 'the language a language model shall write in');
  addDrawingOptions(command)
    .addOption(packOption())
    .action((names: string[], flags: MatrixFlags) => choose((context) => blendMatrix(names, flags, context)));
}

async function blendMatrix(names: readonly string[], flags: MatrixFlags, context: CommandContext): Promise<CommandResult> {
  const cells = new MatrixCells(join(flags.out, 'cells'));
  makeOutFolder(cells.folder);
  const studio = await context.openStudio('temporary');
  const { sources, errors } = await readSources(names, flags, studio, context);
  if (sources.length < 2) throw new UsageError('A matrix needs two different pictures that can be read, or more.');
  const drawing =
    flags.generate === true ? await prepareDrawing(studio, cells.folder, { ...flags, seed: flags.seed ?? DEFAULT_SEED }) : null;
  const work: MatrixWork = { studio, flags, sources, cells, drawing, context };
  const grid = sources.map(() => sources.map((): MatrixCell | null => null));
  const counts = { made: 0, kept: 0 };
  for (const [row, column] of pairsOf(sources.length)) {
    context.signal.throwIfAborted();
    try {
      for (const { object, scene, cell, isNew } of await blendPair(work, row, column)) {
        grid[object]?.splice(scene, 1, cell);
        counts[isNew ? 'made' : 'kept'] += 1;
      }
    } catch (cause) {
      const error = nameFailure(cause);
      if (context.signal.aborted || !error.code.startsWith('answer-')) throw cause;
      errors.push(imageError(`${sources[row]?.image} + ${sources[column]?.image}`, error));
    }
  }
  const place = { folder: flags.out, cellsFolder: cells.folder, isDrawn: drawing !== null };
  const files = await writeMatrix(studio, place, sources, grid, context.signal);
  const output: Output = {
    sources: sources.map(({ image, sha256, text }) => ({ image, sha256, text })),
    cells: grid.flatMap((line, object) => line.flatMap((cell, scene) => (cell === null ? [] : [{ object, scene, ...cell }]))),
    ...counts,
    files,
    errors: [...errors],
  };
  return { document: output, text: format(output), failed: errors.length > 0 };
}

interface MatrixWork {
  readonly studio: Studio;
  readonly flags: MatrixFlags;
  readonly sources: readonly Source[];
  readonly cells: MatrixCells;
  readonly drawing: BlendDrawing | null;
  readonly context: CommandContext;
}

interface PlacedCell {
  readonly object: number;
  readonly scene: number;
  readonly cell: MatrixCell;
  readonly isNew: boolean;
}

/** Different pictures; the same twice is one. */
async function readSources(
  names: readonly string[],
  flags: MatrixFlags,
  studio: Studio,
  context: CommandContext,
): Promise<{ readonly sources: readonly Source[]; readonly errors: ImageError[] }> {
  const found = await findImages(names);
  const errors = [...found.errors];
  const sources = new Map<string, Source>();
  const wish = { length: flags.length === undefined ? undefined : Number(flags.length), packId: flags.pack };
  for await (const read of readDocuments(found.paths, wish, studio, context)) {
    errors.push(...read.errors);
    for (const { path: image, sha256, document } of read.pictures) {
      if (sources.has(sha256)) continue;
      const { text } = await studio.client.prompts.inspect({ document });
      sources.set(sha256, { image, sha256, text, document });
    }
  }
  return { sources: [...sources.values()], errors };
}

/** Every two places once. */
const pairsOf = (count: number): (readonly [number, number])[] =>
  Array.from({ length: count }, (_, row) => row).flatMap((row) =>
    Array.from({ length: count - row - 1 }, (_, more) => [row, row + more + 1] as const),
  );

/** Both blends of two pictures: what an earlier run made, or else written, drawn and kept. */
async function blendPair(work: MatrixWork, row: number, column: number): Promise<PlacedCell[]> {
  const { studio, flags, sources, cells, drawing, context } = work;
  const [a, b] = [sources[row], sources[column]];
  if (a === undefined || b === undefined) return [];
  const order = [
    { key: 'aPlusB', object: row, scene: column, of: a, to: b },
    { key: 'bPlusA', object: column, scene: row, of: b, to: a },
  ] as const;
  const known = [];
  for (const { of, to } of order) {
    known.push(await cells.find(MatrixCells.nameOf(of.sha256, to.sha256), makingOf(work, of, to)));
  }
  const placed: PlacedCell[] = [];
  const blend = known.includes(null)
    ? await followBlend(
        studio.client,
        {
          a: { type: 'document', document: a.document },
          b: { type: 'document', document: b.document },
          writer: flags.writer,
          ...(flags.template === undefined ? {} : { templateId: flags.template }),
          ...(flags.tokens === undefined ? {} : { limit: flags.tokens }),
          ...(flags.language === undefined ? {} : { language: flags.language }),
        },
        context,
      )
    : null;
  for (const [at, { key, object, scene, of, to }] of order.entries()) {
    const cell = known[at] ?? null;
    if (cell !== null || blend === null) {
      if (cell !== null) placed.push({ object, scene, cell, isNew: false });
      continue;
    }
    const name = MatrixCells.nameOf(of.sha256, to.sha256);
    const { text, document } = blend[key];
    const drawn =
      drawing === null ? null : await drawBlend(studio, drawing, { document, name }, await likesOf(studio, [of, to]), context);
    const made: MatrixCell = {
      text,
      checks: blend.checks[key],
      picture: drawn === null ? null : basename(drawn.file),
      likeness: { object: drawn?.likeness[0] ?? null, scene: drawn?.likeness[1] ?? null },
    };
    await cells.keep(name, makingOf(work, of, to), made);
    placed.push({ object, scene, cell: made, isNew: true });
  }
  return placed;
}

function makingOf({ flags, drawing }: MatrixWork, object: Source, scene: Source): CellMaking {
  return {
    objectText: object.text,
    sceneText: scene.text,
    writer: flags.writer,
    templateId: flags.template ?? null,
    limit: flags.tokens ?? null,
    ...(flags.language === undefined ? {} : { language: flags.language }),
    drawn: drawing === null ? null : { packId: drawing.pack.id, packVersion: drawing.pack.version, settings: drawing.settings },
  };
}

function format({ sources, cells, made, kept, files }: Output): string {
  const lines = cells.map(
    ({ object, scene, text }) =>
      `${paint.strong(cleanLine(`${sources[object]?.image} in ${sources[scene]?.image}`))}  ${cleanLine(text)}`,
  );
  return [...lines, paint.faint(`${made} made, ${kept} kept from before`), ...files.map(cleanLine)].join('\n');
}
