import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { builtInWriter } from '../../../../contract/texts/blend.ts';
import { StudioError } from '../../../../contract/errors.ts';
import { answersScoreSchema } from '../../../../contract/texts/evaluation.ts';
import type { AnswersRequest, AnswersScore } from '../../../../contract/texts/evaluation.ts';
import { askRequestSchema } from '../../../../contract/texts/text-help.ts';
import { makeFolder } from '../../../files/make-folder.ts';
import { writeWhole } from '../../../files/write-whole.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { lengthOption, packOption } from '../command-options.ts';
import { imageError, imageErrorSchema } from '../image-error.ts';
import type { ImageError } from '../image-error.ts';
import { findImages } from '../input/find-images.ts';
import { numberOption } from '../input/number-option.ts';
import { readDocuments } from '../input/read-documents.ts';
import { readExamples } from '../input/read-examples.ts';
import { indexPictures, readVqa, readVqaResults } from '../input/read-vqa.ts';
import type { VqaQuestion } from '../input/read-vqa.ts';
import { nameFailure } from '../name-failure.ts';
import { formatTable } from '../output/format-table.ts';
import { paint } from '../output/paint.ts';
import { UsageError } from '../usage-error.ts';
import { addEvaluateSearchCommand } from './evaluate-search.ts';
import { addReconstructionCommand } from './evaluate-reconstruction.ts';

/** What `evaluate vqa --json` prints. Accuracies are 0..1. */
export const evaluateVqaOutputSchema = answersScoreSchema.omit({ each: true }).extend({
  /** Those that were scored. */
  questions: z.number().int(),
  /** Null where answers were given. */
  writer: z.string().nullable(),
  errors: z.array(imageErrorSchema),
});

interface VqaFlags {
  readonly images?: string;
  readonly questions?: string;
  readonly results?: string;
  readonly writer: string;
  readonly language?: string;
  readonly shots?: number;
  readonly examples?: string;
  readonly out?: string;
  readonly length?: string;
  readonly pack?: string;
}

/** What is said where a text does not tell: the shortest that is no answer of people's. */
const UNTOLD = 'unknown';

export function addEvaluateCommand(program: Command, choose: ChooseCommand): void {
  const evaluate = program
    .command('evaluate')
    .summary('how good answers and drawings are')
    .description('Scores answers to questions, and pictures drawn again, in the figures that papers print.');
  evaluate
    .command('vqa')
    .description(
      'Scores answers to questions about pictures with VQA’s soft accuracy: those of a file of results, or those given here from the texts of ' +
        'the pictures of a folder.',
    )
    .argument('<file>', 'questions with the answers of people, in the form of VQA’s annotations')
    .option('--questions <file>', 'the questions, where they are in a file of their own')
    .option('--results <file>', 'answers to be scored, in the form that VQA’s own program takes')
    .option('--images <folder>', 'the pictures, to be read and asked')
    .option('--writer <name>', 'who answers: builtin, or a connection (see `connections list`)', builtInWriter)
    .option('--language <name>', 'the language a language model shall answer in')
    .option(
      '--shots <n>',
      'answered questions a language model is shown first',
      numberOption(askRequestSchema.shape.shots.unwrap()),
    )
    .option('--examples <file>', 'where those come from (see `ask --help`)')
    .option('--out <file>', 'keep the answers here, as results')
    .addOption(lengthOption())
    .addOption(packOption())
    .action((file: string, flags: VqaFlags) => choose((context) => evaluateVqa(file, flags, context)));
  addReconstructionCommand(evaluate, choose);
  addEvaluateSearchCommand(evaluate, choose);
}

async function evaluateVqa(file: string, flags: VqaFlags, context: CommandContext): Promise<CommandResult> {
  if ((flags.results === undefined) === (flags.images === undefined))
    throw new UsageError('Give --results FILE or --images FOLDER.');
  if (flags.shots !== undefined && flags.writer === builtInWriter)
    throw new UsageError('--shots needs --writer: rules learn nothing from examples.');
  const questions = await readVqa(file, flags.questions);
  const errors: ImageError[] = [];
  const answers =
    flags.results === undefined ? await answerAll(questions, flags, errors, context) : await readVqaResults(flags.results);
  const strange = [...answers.keys()].find((id) => !questions.some((one) => String(one.id) === id));
  if (strange !== undefined)
    throw new StudioError('bad-request', `${file} has no question ${strange}.`, 'Give the results of these questions.', {
      question: strange,
    });
  const scored = questions.flatMap(({ id, answers: people, questionType, answerType }): AnswersRequest['questions'] => {
    const answer = answers.get(String(id));
    return answer === undefined ? [] : [{ answer, answers: [...people], questionType, answerType }];
  });
  if (scored.length === 0)
    throw new StudioError('not-found', 'None of the questions has an answer.', 'Check the names of the pictures.');
  const studio = await context.openStudio('temporary');
  const score = await studio.client.evaluation.answers({ questions: scored });
  const { overall, byQuestionType, byAnswerType } = score;
  const writer = flags.results === undefined ? flags.writer : null;
  return {
    document: { questions: scored.length, overall, byQuestionType, byAnswerType, writer, errors },
    text: format(score, scored.length),
    failed: errors.length > 0,
  };
}

/** Reads every picture once and asks all of its questions. */
async function answerAll(
  questions: readonly VqaQuestion[],
  flags: VqaFlags,
  errors: ImageError[],
  context: CommandContext,
): Promise<ReadonlyMap<string, string>> {
  const wish = {
    writer: flags.writer,
    ...(flags.language === undefined ? {} : { language: flags.language }),
    ...(flags.shots === undefined ? {} : { shots: flags.shots }),
    ...(flags.examples === undefined ? {} : { examples: await readExamples(flags.examples) }),
  };
  if (flags.out !== undefined) makeFolder(dirname(resolve(flags.out)), 'Choose another --out.');
  const byPicture = await groupByPicture(questions, flags.images ?? '.', errors);
  const studio = await context.openStudio('temporary');
  const reading = { length: flags.length === undefined ? undefined : Number(flags.length), packId: flags.pack };
  const answers = new Map<string, string>();
  const given: { question_id: string | number; answer: string }[] = [];
  const save = async (): Promise<void> => {
    if (flags.out !== undefined) await writeWhole(resolve(flags.out), `${JSON.stringify(given)}\n`);
  };
  for await (const read of readDocuments([...byPicture.keys()], reading, studio, context)) {
    errors.push(...read.errors);
    for (const { path, document } of read.pictures) {
      for (const { id, question } of byPicture.get(path) ?? []) {
        try {
          const source = { type: 'document' as const, document };
          const said = await studio.client.language.ask(
            { source, question: question ?? '', ...wish },
            { signal: context.signal },
          );
          const answer = said.isTold ? said.answer : UNTOLD;
          answers.set(String(id), answer);
          given.push({ question_id: id, answer });
        } catch (cause) {
          const error = nameFailure(cause);
          if (context.signal.aborted || !error.code.startsWith('answer-')) {
            await save();
            throw cause;
          }
          errors.push(imageError(`${path}, question ${id}`, error));
        }
      }
    }
    await save();
    await studio.client.jobs.clear();
  }
  return answers;
}

async function groupByPicture(
  questions: readonly VqaQuestion[],
  folder: string,
  errors: ImageError[],
): Promise<ReadonlyMap<string, readonly VqaQuestion[]>> {
  const found = await findImages([folder]);
  errors.push(...found.errors);
  const index = indexPictures(found.paths);
  const byPicture = new Map<string, VqaQuestion[]>();
  for (const one of questions) {
    const path = one.image === null ? undefined : index.get(one.image);
    const isAsked = one.question !== null && one.question.trim() !== '';
    if (path !== undefined && isAsked) {
      const group = byPicture.get(path) ?? [];
      group.push(one);
      byPicture.set(path, group);
      continue;
    }
    const message = isAsked ? `${folder} has no picture of this question.` : 'This question has no words.';
    const hint = isAsked
      ? 'Its file is to be called like the image, or to end with its number.'
      : 'Name their file with --questions.';
    errors.push(imageError(`${one.image ?? 'no image'}, question ${one.id}`, { code: 'not-found', message, hint }));
  }
  return byPicture;
}

function format({ overall, byAnswerType, byQuestionType }: AnswersScore, count: number): string {
  const percent = (value: number): string => `${(value * 100).toFixed(2)} %`;
  const rows = [...Object.entries(byAnswerType), ...Object.entries(byQuestionType)].map(([name, value]) => [
    name,
    percent(value),
  ]);
  const head = `${paint.strong(percent(overall))}  ${paint.faint(`VQA’s soft accuracy over ${count} ${count === 1 ? 'question' : 'questions'}`)}`;
  return rows.length === 0 ? head : `${head}\n${formatTable(rows)}`;
}
