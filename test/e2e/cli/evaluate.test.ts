import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { evaluateReconstructionOutputSchema } from '../../../main/shell/cli/commands/evaluate-reconstruction.ts';
import { connectionsOutputSchema } from '../../../main/shell/cli/commands/connections.ts';
import { evaluateVqaOutputSchema } from '../../../main/shell/cli/commands/evaluate.ts';
import { modelServer, writeChat } from '../../helpers/model-server.ts';
import { parseCsv } from '../../helpers/parse-csv.ts';
import { writeFeaturesPack } from '../../helpers/write-features-pack.ts';
import { serveHttp } from '../../unit/network/local-servers.ts';
import { drawTestPicture } from './draw-test-picture.ts';
import { failureOutputSchema } from './failure-output.ts';
import { runJson } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
  await mkdir(join(home, 'pictures'));
  for (const number of [1, 2, 3]) {
    await writeFile(join(home, 'pictures', `COCO_val2014_00000000004${number}.png`), await drawTestPicture(number));
  }
});
afterAll(() => rm(home, { recursive: true, force: true }));

const people = (yes: number): { answer: string }[] =>
  Array.from({ length: 10 }, (_, at) => ({ answer: at < yes ? 'yes' : 'no' }));
const annotations = [
  { question_id: 1, image_id: 41, question_type: 'is the', answer_type: 'yes/no', answers: people(1) },
  { question_id: 2, image_id: 42, question_type: 'is the', answer_type: 'yes/no', answers: people(10) },
  { question_id: 3, image_id: 42, question_type: 'what', answer_type: 'other', answers: ['Two red cats.', 'dog', 'dog', 'dog'] },
];
const questions = [
  { question_id: 1, image_id: 41, question: 'Is there a submarine?' },
  { question_id: 2, image_id: 42, question: 'Is it?' },
  { question_id: 3, image_id: 42, question: 'What is it?' },
];

it('given answers are scored as VQA does', async () => {
  await writeFile(join(home, 'annotations.json'), JSON.stringify({ annotations }));
  const results = [
    { question_id: 1, answer: 'Yes.' },
    { question_id: 2, answer: 'yes' },
    { question_id: 3, answer: 'the 2 red cats' },
  ];
  await writeFile(join(home, 'results.json'), JSON.stringify(results));
  const args = ['evaluate', 'vqa', 'annotations.json', '--results', 'results.json'];
  const score = await runJson(args, { home }, evaluateVqaOutputSchema);
  // One of ten: nine choices give a third. One of four: three choices do.
  expect(score).toMatchObject({ questions: 3, writer: null, errors: [] });
  expect(score.byAnswerType['yes/no']).toBeCloseTo((0.3 + 1) / 2, 12);
  expect(score.byQuestionType['what']).toBeCloseTo(0.25, 12);
  expect(score.overall).toBeCloseTo((0.3 + 1 + 0.25) / 3, 12);
  await writeFile(join(home, 'strange.json'), JSON.stringify([{ question_id: 9, answer: 'yes' }]));
  const strange = await runJson([...args.slice(0, -1), 'strange.json'], { home }, failureOutputSchema, 1);
  expect(strange.error).toMatchObject({ code: 'bad-request', message: 'annotations.json has no question 9.' });
  expect((await runJson(args.slice(0, 3), { home }, failureOutputSchema, 2)).error.message).toContain(
    '--results FILE or --images',
  );
});

it('a language model answers in the language that is named', { timeout: 180_000 }, async () => {
  const { listener, heard } = modelServer((response) => writeChat(response, '{"answer":"Hund","words":[]}'));
  const address = `${await serveHttp(listener)}/v1`;
  const add = ['connections', 'add', 'mine', '--address', address, '--model', 'small', '--allow'];
  await runJson(add, { home }, connectionsOutputSchema);
  const one = { question_id: 1, image_id: 42, question: 'Was ist das?', question_type: 'was', answers: ['Hund', 'Hund', 'Hund'] };
  await writeFile(join(home, 'german.json'), JSON.stringify({ annotations: [one], questions: [one] }));
  const asked = ['evaluate', 'vqa', 'german.json', '--questions', 'german.json', '--images', 'pictures', '--length', '5'];
  const score = await runJson([...asked, '--writer', 'mine', '--language', 'German'], { home }, evaluateVqaOutputSchema);
  expect(score).toMatchObject({ questions: 1, writer: 'mine', errors: [] });
  expect(heard).toHaveLength(1);
  expect(JSON.stringify(heard[0]?.body)).toContain('Answer in German,');
});

it('the pictures of a folder are read and asked, and the answers kept as results', { timeout: 180_000 }, async () => {
  await writeFile(join(home, 'questions.json'), JSON.stringify({ questions }));
  const more = [...annotations, { question_id: 4, image_id: 77, question: 'What?', answers: ['cat'] }];
  await writeFile(join(home, 'more.json'), JSON.stringify(more));
  const asked = ['evaluate', 'vqa', 'more.json', '--questions', 'questions.json', '--images', 'pictures', '--length', '15'];
  const score = await runJson([...asked, '--out', 'said/results.json'], { home }, evaluateVqaOutputSchema, 1);
  expect(score).toMatchObject({ questions: 3, writer: 'builtin', errors: [{ image: '77, question 4', code: 'not-found' }] });
  const results = JSON.parse(await readFile(join(home, 'said', 'results.json'), 'utf8')) as {
    question_id: number;
    answer: string;
  }[];
  expect(results.map(({ question_id: id }) => id)).toEqual([1, 2, 3]);
  expect(results[0]?.answer).toBe('unknown');
  expect(results[2]?.answer).toMatch(/^\w/);
  // What was kept scores the same as what was said.
  const again = ['evaluate', 'vqa', 'more.json', '--results', join('said', 'results.json')];
  expect((await runJson(again, { home }, evaluateVqaOutputSchema)).overall).toBe(score.overall);
});

it('pictures are drawn again at each length and guidance, and measured', { timeout: 300_000 }, async () => {
  const sweep = ['--lengths', '5,15', '--guidance', '1,4', '--steps', '1'];
  const args = ['evaluate', 'reconstruction', 'pictures', ...sweep, '--out', 'measured'];
  const { steps, files } = await runJson(args, { home }, evaluateReconstructionOutputSchema);
  expect(steps.map(({ length, guidance }) => [length, guidance])).toEqual([
    [5, 1],
    [5, 4],
    [15, 1],
    [15, 4],
  ]);
  for (const { originals, drawn, fidelity, similarity, frechet } of steps) {
    expect({ originals, drawn }).toEqual({ originals: 3, drawn: 3 });
    expect(fidelity).toBeGreaterThanOrEqual(0);
    expect(similarity).toBeLessThan(1);
    expect(frechet).toBeGreaterThan(0);
  }
  const [header, ...lines] = parseCsv(await readFile(join(home, 'measured', 'reconstruction.csv'), 'utf8'));
  expect(header?.at(-1)).toBe('frechet_distance');
  expect(lines.map((line) => Number(line.at(-1)))).toEqual(steps.map(({ frechet }) => frechet));
  const figures = ['frechet-distance', 'similarity', 'fidelity'];
  const swept = ['length', 'guidance'].flatMap((by) => figures.map((name) => `${name}-by-${by}.svg`));
  expect(files.map((file) => basename(file))).toEqual(['reconstruction.csv', ...swept]);
  const plots = await Promise.all(files.slice(1).map((file) => readFile(join(home, file), 'utf8')));
  for (const plot of plots) expect(plot).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  // What is no FID is called so nowhere.
  expect(plots[0]).toContain('Fréchet distance, scorer’s features');
  expect([...plots, header].join()).not.toMatch(/\bfid\b/i);
  expect(steps.map(({ fid }) => fid)).toEqual([null, null, null, null]);
  const wrong = await runJson([...args.slice(0, 4), '5,5', '--out', 'x'], { home }, failureOutputSchema, 2);
  expect(wrong.error.message).toContain('Name each number once.');
});

it('FID takes the place of the scorer’s distance where a model brings its features', { timeout: 300_000 }, async () => {
  writeFeaturesPack(join(home, 'packs'), 'chance');
  const args = ['evaluate', 'reconstruction', 'pictures', '--lengths', '5,15', '--steps', '1', '--out', 'with-fid'];
  const { steps, files } = await runJson(args, { home }, evaluateReconstructionOutputSchema);
  for (const { fid } of steps) {
    expect(fid?.packId).toBe('chance');
    expect(fid?.value).toBeGreaterThan(0);
  }
  const [header, ...lines] = parseCsv(await readFile(join(home, 'with-fid', 'reconstruction.csv'), 'utf8'));
  expect(header?.slice(-2)).toEqual(['frechet_distance', 'fid']);
  expect(lines.map((line) => Number(line.at(-1)))).toEqual(steps.map(({ fid }) => fid?.value));
  expect(files.map((file) => basename(file))).toEqual([
    'reconstruction.csv',
    'fid-by-length.svg',
    'similarity-by-length.svg',
    'fidelity-by-length.svg',
  ]);
});
