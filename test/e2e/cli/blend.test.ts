import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askOutputSchema } from '../../../main/shell/cli/commands/ask.ts';
import { blendSeveralOutputSchema } from '../../../main/shell/cli/commands/blend-several.ts';
import { blendOutputSchema } from '../../../main/shell/cli/commands/blend.ts';
import { drawTestPicture } from './draw-test-picture.ts';
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

it(
  'both blends are refined, drawn from one noise, compared with both sources, and told of in a file',
  { timeout: 240_000 },
  async () => {
    await writeFile(join(home, 'a.png'), await drawTestPicture(1));
    const drawing = ['--generate', '--out', 'drawn', '--steps', '1', '--length', '5', '--refine'];
    const blend = await runJson(['blend', 'a.png', 'text:a deer in a misty forest', ...drawing], { home }, blendOutputSchema);
    // Of the two scenes, one was read from a picture.
    expect(blend.refined?.map(({ of }) => of)).toEqual(['bPlusA']);
    for (const { before, after, evaluations } of (blend.refined ?? []).map(({ loss }) => loss)) {
      expect(after).toBeLessThanOrEqual(before);
      expect(evaluations).toBeGreaterThan(1);
    }
    expect(blend.drawn?.map(({ of }) => of)).toEqual(['aPlusB', 'bPlusA']);
    expect(new Set(blend.drawn?.map(({ seed }) => seed)).size).toBe(1);
    for (const { file, likeness } of blend.drawn ?? []) {
      expect((await readFile(join(home, file))).subarray(1, 4).toString()).toBe('PNG');
      expect(likeness).toMatchObject({ a: { with: 'picture' }, b: { with: 'text' } });
      for (const { score } of [likeness.a, likeness.b].filter((one) => one !== null))
        expect(Math.abs(score)).toBeLessThanOrEqual(1);
    }
    expect(blendOutputSchema.parse(JSON.parse(await readFile(join(home, 'drawn', 'blend.json'), 'utf8')))).toEqual(blend);
  },
);

it('three sources become three blends, each with what it has from which', async () => {
  const sources = [
    'text:a red robot on a road, oil painting',
    'text:a deer in a misty forest, watercolor',
    'text:a blue ship at sea',
  ];
  const { blends, warnings } = await runJson(['blend', ...sources, '--tokens', '40'], { home }, blendSeveralOutputSchema);
  expect(blends.map(({ objects, scene, look }) => [objects, scene, look])).toEqual([
    [[0], 1, 2],
    [[1], 2, 0],
    [[2], 0, 1],
  ]);
  expect(blends[1]?.text).toBe('a deer in the sea, a painting');
  expect(warnings).toEqual([]);
  const byModel = ['blend', ...sources, '--writer', 'mine'];
  expect((await runJson(byModel, { home }, failureOutputSchema, 2)).error.message).toContain('built-in rules');
});

it('a text answers a question, with the words the answer rests on', async () => {
  const question = 'What colour is the robot?';
  const answer = await runJson(['ask', 'text:a red robot on a road', question], { home }, askOutputSchema);
  expect(answer).toEqual({
    want: 'answer',
    question,
    answer: 'red',
    isTold: true,
    by: 'rules',
    writer: 'builtin',
    evidence: ['red'],
    text: 'a red robot on a road',
  });
  const tags = await runJson(['ask', 'text:a red robot on a road', '--want', 'tags'], { home }, askOutputSchema);
  expect(tags.answer).toBe('red, robot, road');
  const shots = ['ask', 'text:a red robot', question, '--shots', '2'];
  expect((await runJson(shots, { home }, failureOutputSchema, 2)).error.message).toContain('--shots needs --writer');
});
