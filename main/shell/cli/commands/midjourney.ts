import { Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import { takenElsewhereSchema } from '../../../../contract/drawn-elsewhere.ts';
import type { drawnElsewhereSchema } from '../../../../contract/drawn-elsewhere.ts';
import { cutAtWord } from '../../../../contract/texts/cut-text.ts';
import type { Studio } from '../../../studio.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { imageErrorSchema, imageError } from '../image-error.ts';
import type { ImageError } from '../image-error.ts';
import { concernsAll, noneRead } from '../input/add-images.ts';
import { findImages } from '../input/find-images.ts';
import { watchPictures } from '../input/watch-pictures.ts';
import { nameFailure } from '../name-failure.ts';
import { cleanLine } from '../output/clean-line.ts';
import { formatTable } from '../output/format-table.ts';
import { paint } from '../output/paint.ts';

/** What `midjourney --json` prints. */
export const midjourneyOutputSchema = z.object({
  pictures: z.array(takenElsewhereSchema.extend({ path: z.string() })),
  errors: z.array(imageErrorSchema),
});
type MidjourneyOutput = z.infer<typeof midjourneyOutputSchema>;

interface MidjourneyFlags {
  readonly cut: z.infer<typeof drawnElsewhereSchema>['cut'];
  readonly of?: string;
  readonly watch?: true;
}

/** Between two looks at a folder that is watched, in milliseconds. */
const lookEveryMs = 1_000;

export function addMidjourneyCommand(program: Command, choose: ChooseCommand): void {
  program
    .command('midjourney')
    .summary('pictures that Midjourney drew, taken to the texts they are of')
    .description(
      'Takes pictures that Midjourney drew into your library: each goes to the text it was drawn from, found by what stands in its file or by its name, and a grid of four is cut. `export --to midjourney` writes the text for it.',
    )
    .argument('<picture...>', 'files, folders and patterns')
    .addOption(new Option('--cut <how>', 'whether a picture is four').choices(['auto', 'grid', 'whole']).default('auto'))
    .option('--of <id>', 'the text all of them are of, by its id in the library')
    .option('--watch', 'go on with what comes into the folders, until you press Ctrl+C')
    .action((names: string[], flags: MidjourneyFlags) => choose((context) => takeAll(names, flags, context)));
}

async function takeAll(names: readonly string[], flags: MidjourneyFlags, context: CommandContext): Promise<CommandResult> {
  const studio = await context.openStudio('own');
  const output: MidjourneyOutput = { pictures: [], errors: [] };
  const found = await findImages(names);
  if (flags.watch !== true) {
    output.errors.push(...found.errors);
    for (const path of found.paths) await take(path, flags, studio, context, output);
    if (output.pictures.length === 0) throw noneRead(output.errors);
    return { document: output, text: present(output), failed: output.errors.length > 0 };
  }
  await watchPictures(names, { signal: context.signal, everyMs: lookEveryMs }, async (path) => {
    const [pictures, errors] = [output.pictures.length, output.errors.length];
    await take(path, flags, studio, context, output);
    context.say(present({ pictures: output.pictures.slice(pictures), errors: output.errors.slice(errors) }));
  });
  return { document: output, text: '', failed: false };
}

async function take(
  path: string,
  { cut, of }: MidjourneyFlags,
  studio: Studio,
  context: CommandContext,
  output: MidjourneyOutput,
): Promise<void> {
  try {
    const { id: itemId } = await studio.addImage(path);
    const order = { itemId, cut, ...(of === undefined ? {} : { promptItemId: of }) };
    output.pictures.push({ path, ...(await studio.client.library.takeDrawn(order, { signal: context.signal })) });
  } catch (cause) {
    context.signal.throwIfAborted();
    const error = nameFailure(cause);
    if (concernsAll(error)) throw cause;
    output.errors.push(imageError(path, error));
  }
}

const how: Readonly<Record<'text' | 'name' | 'person', string>> = {
  text: 'by what stands in its file',
  name: 'by its name',
  person: 'as you said',
};

function present({
  pictures,
  errors,
}: {
  readonly pictures: MidjourneyOutput['pictures'];
  readonly errors: readonly ImageError[];
}): string {
  const rows = pictures.map(({ path, prompt, items }) => [
    paint.strong(cleanLine(path)),
    items.length === 1 ? '1 picture' : `${items.length} pictures`,
    prompt === null ? paint.faint('its text is not in the library') : cutAtWord(cleanLine(prompt.text), 60),
    prompt === null ? '' : paint.faint(how[prompt.by]),
  ]);
  const failures = errors.map(({ image, message }) => `${cleanLine(image)}: ${cleanLine(message)}`);
  return [...(rows.length === 0 ? [] : [formatTable(rows)]), ...failures].join('\n');
}
