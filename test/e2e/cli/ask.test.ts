import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askFolderOutputSchema, askOutputSchema } from '../../../main/shell/cli/commands/ask.ts';
import { connectionsOutputSchema } from '../../../main/shell/cli/commands/connections.ts';
import { modelServer, writeChat } from '../../helpers/model-server.ts';
import { parseCsv } from '../../helpers/parse-csv.ts';
import { serveHttp } from '../../unit/network/local-servers.ts';
import { drawTestPicture } from './draw-test-picture.ts';
import { failureOutputSchema } from './failure-output.ts';
import { runJson } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('a folder is asked picture by picture, into a table of each kind', { timeout: 240_000 }, async () => {
  await mkdir(join(home, 'pictures'));
  await writeFile(join(home, 'pictures', '1.png'), await drawTestPicture(1));
  await writeFile(join(home, 'pictures', '2.png'), await drawTestPicture(2));
  await writeFile(join(home, 'pictures', '3.png'), 'this is no picture');
  const args = ['ask', 'pictures', 'What is it?', '--length', '15', '--out', 'answers.csv', 'tables/answers.jsonl'];
  const { images, errors } = await runJson(args, { home }, askFolderOutputSchema, 1);
  expect(images.map(({ image }) => image)).toEqual(['pictures/1.png', 'pictures/2.png']);
  expect(errors).toMatchObject([{ image: 'pictures/3.png', code: 'image-unreadable' }]);
  for (const { answer, isTold, evidence, text, by } of images) {
    expect({ isTold, by }).toEqual({ isTold: true, by: 'rules' });
    for (const word of evidence) expect(text.split(' ')).toContain(word);
    expect(evidence.join(' ')).toBe(answer);
  }
  const [header, ...lines] = parseCsv(await readFile(join(home, 'answers.csv'), 'utf8'));
  expect(header).toEqual(['image', 'want', 'question', 'answer', 'isTold', 'evidence', 'by', 'writer', 'text', 'error']);
  expect(lines.map(([image]) => image)).toEqual(['pictures/3.png', 'pictures/1.png', 'pictures/2.png']);
  expect(lines[1]?.[3]).toBe(images[0]?.answer);
  const rows = (await readFile(join(home, 'tables', 'answers.jsonl'), 'utf8')).trimEnd().split('\n');
  expect(rows.map((row) => JSON.parse(row) as unknown).slice(1)).toMatchObject(images);
  const wrong = await runJson([...args.slice(0, -2), 'answers.txt'], { home }, failureOutputSchema, 2);
  expect(wrong.error.message).toContain('.csv or .jsonl');
});

it('a language model is shown answered questions first, and says which words it went by', { timeout: 240_000 }, async () => {
  const { listener, heard } = modelServer((response, number) => {
    const answers = ['no JSON at all', '{"answer":"on a road","words":["road","moon"]}', '{"answer":"Unknown.","words":[]}'];
    writeChat(response, answers[number] ?? '{}');
  });
  const address = `${await serveHttp(listener)}/v1`;
  const add = ['connections', 'add', 'mine', '--address', address, '--model', 'small', '--allow'];
  await runJson(add, { home }, connectionsOutputSchema);
  const examples = [
    { text: 'a blue cat', question: 'Which colour?', answer: 'blue', by: 'me' },
    { text: 'a dog', question: 'What?', answer: 'dog' },
  ];
  await writeFile(join(home, 'examples.jsonl'), examples.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const asked = ['ask', 'text:a red robot on a road', 'Where is the robot?', '--writer', 'mine', '--examples', 'examples.jsonl'];
  const answer = await runJson([...asked, '--shots', '2', '--language', 'German'], { home }, askOutputSchema);
  expect(answer).toMatchObject({ answer: 'on a road', isTold: true, by: 'model', writer: 'mine', evidence: ['road'] });
  const messages = heard[1]?.body['messages'] as { role: string; content: unknown }[];
  expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user', 'assistant', 'user']);
  expect(JSON.stringify(messages[0])).toContain('Answer in German,');
  expect(JSON.stringify(messages[2])).toContain('blue');
  expect(JSON.stringify(messages[5])).toContain('Where is the robot?');
  expect(heard).toHaveLength(2);

  const untold = await runJson(asked.slice(0, 5), { home }, askOutputSchema);
  expect(untold).toMatchObject({ answer: 'This cannot be told from the text.', isTold: false, evidence: [] });
  expect(heard[2]?.body['messages']).toHaveLength(2);
  const few = await runJson([...asked, '--shots', '3'], { home }, failureOutputSchema, 1);
  expect(few.error).toMatchObject({ code: 'bad-request', message: 'There are 2 examples, not 3.' });
});
