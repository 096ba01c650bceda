import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import { builtInWriter } from '../../../../contract/texts/blend.ts';
import type { BlendSource } from '../../../../contract/texts/blend.ts';
import type { StudioClient } from '../../../../contract/methods.ts';
import { askAnswerSchema, askRequestSchema } from '../../../../contract/texts/text-help.ts';
import { makeFolder } from '../../../files/make-folder.ts';
import { cleanLine } from '../output/clean-line.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { lengthOption, packOption } from '../command-options.ts';
import { findImages } from '../input/find-images.ts';
import type { PromptWish } from '../input/find-prompt.ts';
import { findSide } from '../input/find-side.ts';
import { numberOption } from '../input/number-option.ts';
import { readDocuments } from '../input/read-documents.ts';
import { readExamples } from '../input/read-examples.ts';
import { imageError, imageErrorSchema } from '../image-error.ts';
import type { ImageError } from '../image-error.ts';
import { nameFailure } from '../name-failure.ts';
import { paint } from '../output/paint.ts';
import { TableFiles } from '../output/table-files.ts';
import { UsageError } from '../usage-error.ts';

const asking = askRequestSchema.shape;

/** What `ask --json` prints of one text. */
export const askOutputSchema = askAnswerSchema.pick({ answer: true, isTold: true, by: true, writer: true }).extend({
  want: asking.want.unwrap(),
  question: z.string(),
  text: z.string(),
  evidence: z.array(z.string()),
});
type AskOutput = z.infer<typeof askOutputSchema>;
/** What `ask --json` prints of a folder. */
export const askFolderOutputSchema = z.object({
  images: z.array(askOutputSchema.extend({ image: z.string() })),
  errors: z.array(imageErrorSchema),
});

/** The columns of a table of answers. */
const columns = ['image', 'want', 'question', 'answer', 'isTold', 'evidence', 'by', 'writer', 'text', 'error'];

interface AskFlags {
  readonly want: AskOutput['want'];
  readonly writer: string;
  readonly language?: string;
  readonly shots?: number;
  readonly examples?: string;
  readonly out?: string[];
  readonly length?: string;
  readonly pack?: string;
}

type Wish = Omit<z.input<typeof askRequestSchema>, 'source'>;

export function addAskCommand(program: Command, choose: ChooseCommand): void {
  program
    .command('ask')
    .summary('ask pictures through their texts')
    .description(
      'Answers a question from the text of a picture alone, by rules or by a language model, with the words the answer rests on.',
    )
    .argument('<picture>', 'a picture, a prompt file, the id of a library item, or text:…; or a folder or pattern of pictures')
    .argument('[question]', 'in English, such as "How many cats are there?"')
    .addOption(
      new Option('--want <what>', 'what needs no question: a caption, tags, a text in place of the picture')
        .choices(asking.want.unwrap().options)
        .default('answer'),
    )
    .option('--writer <name>', 'who answers: builtin, or a connection (see `connections list`)', builtInWriter)
    .option('--language <name>', 'the language a language model shall answer in')
    .option('--shots <n>', 'answered questions a language model is shown first', numberOption(asking.shots.unwrap()))
    .option('--examples <file>', 'where those come from, as JSON: text, question and answer of each; absent: the studio’s own')
    .option('--out <file...>', 'of a folder: the table of answers as .csv, as .jsonl, or both')
    .addOption(lengthOption())
    .addOption(packOption())
    .action((source: string, question: string | undefined, flags: AskFlags) =>
      choose((context) => ask(source, question ?? '', flags, context)),
    );
}

async function ask(name: string, question: string, flags: AskFlags, context: CommandContext): Promise<CommandResult> {
  if (flags.want === 'answer' && question.trim() === '') throw new UsageError('Give a question, or --want what needs none.');
  if (flags.shots !== undefined && flags.writer === builtInWriter)
    throw new UsageError('--shots needs --writer: rules learn nothing from examples.');
  const wish: Wish = {
    want: flags.want,
    question,
    writer: flags.writer,
    ...(flags.language === undefined ? {} : { language: flags.language }),
    ...(flags.shots === undefined ? {} : { shots: flags.shots }),
    ...(flags.examples === undefined ? {} : { examples: await readExamples(flags.examples) }),
  };
  const reading = { length: flags.length === undefined ? undefined : Number(flags.length), packId: flags.pack };
  if (await isMany(name)) return askFolder(name, wish, reading, flags.out ?? [], context);
  if (flags.out !== undefined) throw new UsageError('--out is for a folder or a pattern of pictures.');
  const studio = await context.openStudio('temporary');
  const output = await askOne(studio.client, await findSide(name, reading, studio, context), wish, context);
  return { document: output, text: format(output), failed: false };
}

/** A folder, or a pattern that is no file's name. */
async function isMany(name: string): Promise<boolean> {
  const facts = await stat(name).catch(() => null);
  return facts === null ? !name.startsWith('text:') && /[*?[\]{}]/.test(name) : facts.isDirectory();
}

async function askOne(client: StudioClient, source: BlendSource, wish: Wish, { signal }: CommandContext): Promise<AskOutput> {
  const { answer, isTold, by, writer, evidence, document } = await client.language.ask({ source, ...wish }, { signal });
  const { text } = await client.prompts.inspect({ document });
  const { want = 'answer', question = '' } = wish;
  return { want, question, answer, isTold, by, writer, evidence: evidence.map((word) => word.text), text };
}

/** Asks every picture; what was answered is in the files after each part, so that an end in the middle costs little. */
async function askFolder(
  name: string,
  wish: Wish,
  reading: PromptWish,
  out: readonly string[],
  context: CommandContext,
): Promise<CommandResult> {
  const table = new TableFiles(out, columns);
  for (const path of out) makeFolder(dirname(resolve(path)), 'Choose another --out.');
  const { paths, errors: missing } = await findImages([name]);
  const studio = await context.openStudio('temporary');
  const errors: ImageError[] = [];
  const refuse = (error: ImageError): void => {
    errors.push(error);
    table.add({ image: error.image, error: `${error.message} ${error.hint}` });
  };
  missing.forEach(refuse);
  let answered = 0;
  for await (const read of readDocuments(paths, reading, studio, context)) {
    read.errors.forEach(refuse);
    for (const { path, document } of read.pictures) {
      try {
        const output = { image: path, ...(await askOne(studio.client, { type: 'document', document }, wish, context)) };
        table.add({ ...output, error: null });
        await context.presentImage({ document: output, text: `${paint.strong(cleanLine(path))}\n${format(output)}` });
        answered += 1;
      } catch (cause) {
        const error = nameFailure(cause);
        if (context.signal.aborted || !error.code.startsWith('answer-')) {
          await table.save();
          throw cause;
        }
        refuse(imageError(path, error));
      }
    }
    await table.save();
    await studio.client.jobs.clear();
  }
  await table.save();
  return { document: answered > 0 ? { errors } : { images: [], errors }, text: '', failed: errors.length > 0 };
}

function format({ answer, by, writer, evidence }: AskOutput): string {
  const words = evidence.length === 0 ? '' : ` from: ${evidence.join(', ')}`;
  const who = by === 'rules' ? 'by rules' : `by ${writer}`;
  return `${cleanLine(answer)}\n${paint.faint(cleanLine(`${who}${words}`))}`;
}
