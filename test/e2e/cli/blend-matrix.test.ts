import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blendMatrixOutputSchema } from '../../../main/shell/cli/commands/blend-matrix.ts';
import { modelServer, writeChat } from '../../helpers/model-server.ts';
import { parseCsv } from '../../helpers/parse-csv.ts';
import { connectionsOutputSchema } from '../../../main/shell/cli/commands/connections.ts';
import { serveHttp } from '../../unit/network/local-servers.ts';
import { drawTestPicture } from './draw-test-picture.ts';
import { failureOutputSchema } from './failure-output.ts';
import { endOf, runJson, startCli } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
  await mkdir(join(home, 'pictures'));
  for (const number of [1, 2, 3]) await writeFile(join(home, 'pictures', `${number}.png`), await drawTestPicture(number));
  await writeFile(join(home, 'pictures', 'again.png'), await drawTestPicture(1));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const matrix = ['blend-matrix', 'pictures', '--length', '15', '--out', 'out'];
const drawn = [...matrix, '--generate', '--steps', '1'];

it('goes on where a run was killed, and draws nothing twice', { timeout: 300_000 }, async () => {
  const cells = join(home, 'out', 'cells');
  const child = startCli(drawn, { home });
  const ended = endOf(child);
  // Killed as soon as one cell is there: its text file is written last.
  await expect
    .poll(async () => (await readdir(cells).catch(() => [])).filter((name) => name.endsWith('.json')).length, {
      timeout: 120_000,
      interval: 20,
    })
    .toBeGreaterThan(0);
  child.kill('SIGKILL');
  await ended;
  const before = new Map<string, number>();
  for (const name of await readdir(cells)) if (name.endsWith('.json')) before.set(name, (await stat(join(cells, name))).mtimeMs);

  const done = await runJson(drawn, { home }, blendMatrixOutputSchema);
  expect(done.sources.map(({ image }) => image)).toEqual(['pictures/1.png', 'pictures/2.png', 'pictures/3.png']);
  expect(done.kept).toBe(before.size);
  expect(done.made).toBe(6 - before.size);
  for (const [name, modifiedMs] of before) expect((await stat(join(cells, name))).mtimeMs).toBe(modifiedMs);
  expect(done.cells.map(({ object, scene }) => `${object}${scene}`)).toEqual(['01', '02', '10', '12', '20', '21']);
  for (const { likeness, picture } of done.cells) {
    expect(likeness).toMatchObject({ object: { with: 'picture' }, scene: { with: 'picture' } });
    expect((await readFile(join(cells, picture ?? ''))).subarray(1, 4).toString()).toBe('PNG');
  }

  const { width, height } = await sharp(join(home, 'out', 'matrix.png')).metadata();
  expect([width, height]).toEqual([4 * 256 + 3 * 2, 4 * 256 + 3 * 2]);
  const [header, ...lines] = parseCsv(await readFile(join(home, 'out', 'matrix.csv'), 'utf8'));
  expect(header).toEqual(['object', 'scene', 'text', 'picture', 'object_likeness', 'scene_likeness', 'faults']);
  expect(lines.map(([, , text]) => text)).toEqual(done.cells.map(({ text }) => text));
  const page = await readFile(join(home, 'out', 'matrix.html'), 'utf8');
  expect(page.match(/<img src="data:image\//g)).toHaveLength(3 * 2 + 6);
  expect(page).not.toMatch(/(?:src|href)="(?!data:)/);

  // A damaged cell is made again, and only that.
  const [first = ''] = before.keys();
  await writeFile(join(cells, first), '{');
  expect(await runJson(drawn, { home }, blendMatrixOutputSchema)).toMatchObject({ made: 1, kept: 5, cells: done.cells });
});

it('without drawing is a table and a page; one picture is no matrix', { timeout: 120_000 }, async () => {
  const texts = await runJson([...matrix.slice(0, -1), 'texts'], { home }, blendMatrixOutputSchema);
  expect(texts).toMatchObject({ made: 6, files: [join('texts', 'matrix.csv'), join('texts', 'matrix.html')] });
  const alone = ['blend-matrix', 'pictures/1.png', 'pictures/again.png', '--out', 'alone'];
  expect((await runJson(alone, { home }, failureOutputSchema, 2)).error.message).toContain('two different pictures');
});

it('is written in another language where one is named, and anew where another is named later', { timeout: 240_000 }, async () => {
  const { listener, heard } = modelServer((response) =>
    writeChat(response, JSON.stringify({ aPlusB: 'ein Text', bPlusA: 'noch ein Text' })),
  );
  const address = `${await serveHttp(listener)}/v1`;
  const add = ['connections', 'add', 'mine', '--address', address, '--model', 'small', '--allow'];
  await runJson(add, { home }, connectionsOutputSchema);
  const pair = ['blend-matrix', 'pictures/1.png', 'pictures/2.png', '--length', '15', '--out', 'german', '--writer', 'mine'];
  const german = [...pair, '--language', 'German'];
  expect(await runJson(german, { home }, blendMatrixOutputSchema)).toMatchObject({ made: 2, kept: 0 });
  const asked = heard.length;
  for (const { body } of heard) expect(JSON.stringify(body)).toContain('in German');
  expect(await runJson(german, { home }, blendMatrixOutputSchema)).toMatchObject({ made: 0, kept: 2 });
  expect(heard).toHaveLength(asked);
  expect(await runJson(pair, { home }, blendMatrixOutputSchema)).toMatchObject({ made: 2, kept: 0 });
  expect(JSON.stringify(heard.at(-1)?.body)).toContain('in English');
});
