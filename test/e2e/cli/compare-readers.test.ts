import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareReadersOutputSchema } from '../../../main/shell/cli/commands/compare-readers.ts';
import { evaluateSearchOutputSchema } from '../../../main/shell/cli/commands/evaluate-search.ts';
import { packsInstallOutputSchema } from '../../../main/shell/cli/commands/pack-installs.ts';
import { runJson } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-readers-'));
  await copyFile(join(import.meta.dirname, '../../../models/packs/tiny-scenes/samples/1-pig.png'), join(home, 'pig.png'));
  await writeFile(join(home, 'pig.txt'), 'a pig\n');
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('lays readers side by side in a table, a page and a grid, and asks no judge about texts that it guided', async () => {
  const args = ['compare-readers', 'pig.png', '--readers', 'encoder:5,clip-search:2,caption', '--steps', '2', '--out', 'out'];
  const { images, readers, judge, files, errors } = await runJson(args, { home }, compareReadersOutputSchema);
  expect(errors).toEqual([]);
  expect(judge).toBe('tiny-scenes');
  expect(readers.map(({ reader, similarity }) => [reader, similarity === null])).toEqual([
    ['encoder:5', false],
    ['clip-search:2', true],
    ['caption', false],
  ]);
  expect(images.map(({ guide }) => guide)).toEqual([null, 'tiny-scenes', null]);
  expect(images[2]?.text).toBe('a pig');
  for (const { pixelError, files: drawn } of images) {
    expect(pixelError).toBeGreaterThan(0);
    expect(drawn).toHaveLength(1);
  }
  const [table = '', page = '', grid = ''] = files.map((file) => join(home, file));
  expect((await readFile(table, 'utf8')).trim().split(/\r?\n/u)).toHaveLength(4);
  const html = await readFile(page, 'utf8');
  expect(html).toContain('it is not asked about their texts');
  expect(html.match(/<img /gu)).toHaveLength(4);
  const { width, height } = await sharp(grid).metadata();
  expect(width).toBe(4 * height + 3 * 2);
});

it('is judged by a SigLIP that guided nobody, where one is installed, and tells it apart from the guide', async () => {
  const place = { home: await mkdtemp(join(home, 'with-siglip-')) };
  const model = join(import.meta.dirname, '../../fixtures/models/tiny-siglip');
  const adopt = ['packs', 'adopt', model, '--id', 'second-opinion', '--licence', 'apache-2.0'];
  const { installed } = await runJson(adopt, place, packsInstallOutputSchema);
  expect(installed.packId).toBe('second-opinion');
  const picture = join(home, 'pig.png');
  const args = [
    'compare-readers',
    picture,
    '--readers',
    'encoder:5,clip-search:2',
    '--pack',
    'tiny-scenes',
    '--steps',
    '2',
    '--out',
    'judged',
  ];
  const { images, judge, errors } = await runJson(args, place, compareReadersOutputSchema);
  expect([judge, errors]).toEqual(['second-opinion', []]);
  expect(images.map(({ guide, similarity }) => [guide, similarity === null])).toEqual([
    [null, false],
    ['tiny-scenes', false],
  ]);
});

it('says what a budget of losses buys, as a table and as curves', async () => {
  const pictures = { 'pig.png': { words: ['pig', 'flat'], objects: ['pig'] } };
  await writeFile(join(home, 'facts.json'), JSON.stringify({ pictures, kinds: { object: ['pig'], style: ['flat'] } }));
  const args = ['evaluate', 'search', 'pig.png', '--from', 'encoder', '--budgets', '40,2', '--length', '5', '--steps', '2'];
  const { steps, files } = await runJson(
    [...args, '--facts', 'facts.json', '--out', 'curve'],
    { home },
    evaluateSearchOutputSchema,
  );
  expect(steps.map(({ from, budget, recall }) => [from, budget, recall])).toEqual([
    ['encoder', 0, 1],
    ['encoder', 2, 1],
    ['encoder', 40, 1],
  ]);
  expect(steps[2]?.evaluations).toBeGreaterThan(steps[1]?.evaluations ?? 0);
  const [table = '', ...others] = files.map((file) => join(home, file));
  expect((await readFile(table, 'utf8')).trim().split(/\r?\n/u)).toHaveLength(4);
  // Every text is written as well, and what is true of it, kind by kind.
  expect(others.map((file) => extname(file)).toSorted()).toEqual(['.csv', '.csv', '.svg', '.svg']);
  const curves = others.filter((file) => extname(file) === '.svg');
  for (const curve of curves) expect(await readFile(curve, 'utf8')).toContain('<polyline');
});
