import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { StudioError } from '../../../../contract/errors.ts';

const idSchema = z.union([z.number(), z.string()]);
const answerSchema = z.union([z.string(), z.object({ answer: z.string() }).transform(({ answer }) => answer)]);

/** An entry of VQA's annotations; `question` and `image` may stand in it, or the question in a file of its own. */
const annotationSchema = z.object({
  question_id: idSchema,
  image_id: idSchema.optional(),
  image: z.string().optional(),
  question: z.string().optional(),
  question_type: z.string().optional(),
  answer_type: z.string().optional(),
  answers: z.array(answerSchema).min(1),
});
const questionSchema = z.object({ question_id: idSchema, image_id: idSchema.optional(), question: z.string() });
const annotationsFile = z.union([
  z.object({ annotations: z.array(annotationSchema).min(1), questions: z.array(questionSchema).optional() }),
  z
    .array(annotationSchema)
    .min(1)
    .transform((annotations) => ({ annotations, questions: undefined })),
]);
const questionsFile = z.union([
  z.object({ questions: z.array(questionSchema) }).transform(({ questions }) => questions),
  z.array(questionSchema),
]);
const resultsFile = z.array(z.object({ question_id: idSchema, answer: z.string() })).min(1);

export interface VqaQuestion {
  readonly id: string | number;
  /** What its picture is called: a file's name, or a number that the file's name ends with. */
  readonly image: string | null;
  readonly question: string | null;
  /** What people answered. */
  readonly answers: readonly string[];
  readonly questionType: string | null;
  readonly answerType: string | null;
}

/**
 * Questions of a file of VQA's form, by the questions of another where they are apart.
 *
 * @throws StudioError `bad-request` for another form; errors of the file system pass through
 */
export async function readVqa(path: string, questionsPath: string | undefined): Promise<VqaQuestion[]> {
  const file = await read(path, annotationsFile, 'holds no questions with answers of people, as VQA’s annotations do');
  const apart =
    questionsPath === undefined ? file.questions : await read(questionsPath, questionsFile, 'holds no questions as VQA’s do');
  const byId = new Map(apart?.map((one) => [String(one.question_id), one]));
  return file.annotations.map((one) => {
    const asked = byId.get(String(one.question_id));
    const image = one.image ?? one.image_id ?? asked?.image_id;
    return {
      id: one.question_id,
      image: image === undefined ? null : String(image),
      question: one.question ?? asked?.question ?? null,
      answers: one.answers,
      questionType: one.question_type ?? null,
      answerType: one.answer_type ?? null,
    };
  });
}

/**
 * Answers of a file of the form that VQA's own program takes, by the question's id.
 *
 * @throws StudioError as readVqa does
 */
export async function readVqaResults(path: string): Promise<ReadonlyMap<string, string>> {
  const results = await read(path, resultsFile, 'holds no answers as VQA’s results do');
  return new Map(results.map(({ question_id: id, answer }) => [String(id), answer]));
}

async function read<Value>(path: string, schema: z.ZodType<Value>, lack: string): Promise<Value> {
  const parsed = schema.safeParse(parse((await readFile(path, 'utf8')).replace(/^\uFEFF/, '')));
  if (parsed.success) return parsed.data;
  const hint =
    'Annotations: {"annotations":[{"question_id":1,"image_id":42,"answers":[{"answer":"yes"}]}]}; results: [{"question_id":1,"answer":"yes"}].';
  throw new StudioError('bad-request', `${path} ${lack}.`, hint, { path });
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}

/** The picture files of a folder by what VQA may call them: the name with and without its ending, and the number it ends with. */
export function indexPictures(paths: readonly string[]): ReadonlyMap<string, string> {
  const index = new Map<string, string>();
  const add = (name: string | undefined, path: string): void => {
    if (name !== undefined && !index.has(name)) index.set(name, path);
  };
  for (const path of paths) {
    const name = path.replace(/^.*[\\/]/, '');
    const stem = name.replace(/\.[^.]+$/, '');
    add(name, path);
    add(stem, path);
    const number = /(\d+)$/.exec(stem)?.[1];
    add(number === undefined ? undefined : String(BigInt(number)), path);
  }
  return index;
}
