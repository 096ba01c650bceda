import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askOutputSchema } from '../../../main/shell/cli/commands/ask.ts';
import { blendOutputSchema } from '../../../main/shell/cli/commands/blend.ts';
import { failureOutputSchema } from './failure-output.ts';
import { runJson } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('a text and a prompt file are blended both ways', async () => {
  const file = join(home, 'forest.txt');
  await writeFile(file, 'a deer in a misty forest, watercolor');
  const blend = await runJson(['blend', 'text:a red robot on a road, oil painting', file], { home }, blendOutputSchema);
  expect(blend).toMatchObject({
    a: { text: 'a red robot on a road, oil painting' },
    aPlusB: { text: 'a red robot in a misty forest, watercolor' },
    bPlusA: { text: 'a deer on a road, a painting' },
    writer: 'builtin',
    warnings: [],
  });
  expect(blend.aPlusB.words.map(({ origin }) => origin)).toEqual([
    'language',
    'imageA',
    'imageA',
    'language',
    'language',
    'imageB',
    'imageB',
    'imageB',
  ]);
  const nothing = await runJson(['blend', 'text: ', file], { home }, failureOutputSchema, 1);
  expect(nothing.error.code).toBe('prompt-empty');
});

it('a text answers a question, with the words the answer rests on', async () => {
  const question = 'What colour is the robot?';
  const answer = await runJson(['ask', 'text:a red robot on a road', question], { home }, askOutputSchema);
  expect(answer).toEqual({
    question,
    answer: 'red',
    isTold: true,
    by: 'rules',
    evidence: ['red'],
    text: 'a red robot on a road',
  });
});
