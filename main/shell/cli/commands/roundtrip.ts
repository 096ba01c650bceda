import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { fidelitySchema } from '../../../../contract/recipe.ts';
import { addImages, concernsAll } from '../input/add-images.ts';
import { askReader, chooseLength } from '../input/choose-length.ts';
import { choosePack } from '../input/choose-pack.ts';
import { cleanLine } from '../output/clean-line.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { addDrawingOptions, lengthOption, packOption, parseCount, saveOption, toSettings } from '../command-options.ts';
import type { DrawingFlags } from '../command-options.ts';
import { toDashedName } from '../../../../contract/file-name.ts';
import { imageError, imageErrorSchema } from '../image-error.ts';
import { keepPictures } from '../output/keep-pictures.ts';
import { makeOutFolder } from '../output/make-out-folder.ts';
import { nameFailure } from '../name-failure.ts';
import { paint } from '../output/paint.ts';
import { readText } from '../input/read-text.ts';
import { offerMade } from '../offer-made.ts';
import { runJob } from '../run-job.ts';

const roundSchema = z.object({ image: z.string(), text: z.string(), files: z.array(z.string()), fidelity: fidelitySchema });
type Round = z.infer<typeof roundSchema>;

/** What `roundtrip --json` prints. */
export const roundtripOutputSchema = z.object({ images: z.array(roundSchema), errors: z.array(imageErrorSchema) });
type RoundtripOutput = z.infer<typeof roundtripOutputSchema>;

interface RoundtripFlags extends DrawingFlags {
  readonly length?: string;
  readonly seeds: number;
  readonly out: string;
  readonly pack?: string;
  readonly save?: true;
}

/** The fewest pictures that show a spread. */
const DEFAULT_SEEDS = 3;

export function addRoundtripCommand(program: Command, choose: ChooseCommand): void {
  const command = program
    .command('roundtrip')
    .summary('picture to text to picture, with its fidelity')
    .description('Reads pictures as text, draws the text again, and measures how near the drawing comes to the original.')
    .argument('<image...>', 'picture files, folders or patterns')
    .addOption(lengthOption())
    .option('--seeds <n>', 'pictures drawn from each text', parseCount, DEFAULT_SEEDS);
  addDrawingOptions(command)
    .requiredOption('--out <folder>', 'where the pictures go')
    .addOption(packOption())
    .addOption(saveOption())
    .action((images: string[], flags: RoundtripFlags) => choose((context) => roundtrip(images, flags, context)));
}

async function roundtrip(names: readonly string[], flags: RoundtripFlags, context: CommandContext): Promise<CommandResult> {
  makeOutFolder(flags.out);
  const studio = await context.openStudio(flags.save === true ? 'own' : 'temporary');
  const manifest = await choosePack(studio.client, flags.pack, ['encoder', 'decoder', 'scorer']);
  const reader = await askReader(studio.client, manifest.id);
  const length = chooseLength(reader, flags.length === undefined ? undefined : Number(flags.length));
  const settings = toSettings(flags, flags.seeds);

  const { images, errors } = await addImages(names, studio, context);
  await offerMade(studio.client, images, context);
  const output: RoundtripOutput = { images: [], errors: [...errors] };
  for (const [index, { path, sha256 }] of images.entries()) {
    const request = { kind: 'roundtrip' as const, packId: manifest.id, imageSha256: sha256, lengths: [length], settings };
    try {
      const label = `${cleanLine(basename(path))} (${index + 1} of ${images.length})`;
      const [round] = (await runJob(studio.client, request, label, context)).rounds;
      if (round === undefined) throw new Error('a finished job without a round');
      const name = toDashedName(basename(path, extname(path)));
      const pictures = await keepPictures(studio, round.items, flags.out, name);
      const text = await readText(studio.client, round.itemId);
      output.images.push({ image: path, text, files: pictures.map((picture) => picture.path), fidelity: round.fidelity });
    } catch (cause) {
      const error = nameFailure(cause);
      if (context.signal.aborted || concernsAll(error)) throw cause;
      output.errors.push(imageError(path, error));
    }
  }
  return { document: output, text: output.images.map(format).join('\n\n'), failed: output.errors.length > 0 };
}

function format({ image, text, files, fidelity }: Round): string {
  const spread = fidelity.perSeed.length > 1 ? ` ± ${fidelity.spread.toFixed(3)}` : '';
  const head = `${paint.strong(cleanLine(image))}  fidelity ${fidelity.mean.toFixed(3)}${spread}`;
  const rows = files.map((file, index) => `  ${fidelity.perSeed[index]?.fidelity.toFixed(3) ?? ''}  ${cleanLine(file)}`);
  return [head, cleanLine(text), ...rows.map(paint.faint)].join('\n');
}
