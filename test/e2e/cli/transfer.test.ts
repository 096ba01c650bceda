import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionsOutputSchema } from '../../../main/shell/cli/commands/connections.ts';
import { transferOutputSchema } from '../../../main/shell/cli/commands/transfer.ts';
import { ComfyuiServer } from '../../helpers/comfyui-server.ts';
import { modelServer } from '../../helpers/model-server.ts';
import { parseCsv } from '../../helpers/parse-csv.ts';
import { serveHttp } from '../../unit/network/local-servers.ts';
import { drawTestPicture } from './draw-test-picture.ts';
import { endOf, runJson, startCli } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
  await writeFile(join(home, 'scene.png'), await drawTestPicture(1));
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('a picture’s texts are drawn by two tools, and the same command goes on where it failed', { timeout: 480_000 }, async () => {
  const server = new ComfyuiServer();
  const address = await serveHttp(server.listener, server.upgrade);
  const connect = [
    'connections',
    'add',
    'paints',
    '--kind',
    'comfyui',
    '--address',
    address,
    '--model',
    'small.safetensors',
    '--allow',
  ];
  await runJson(connect, { home }, connectionsOutputSchema);

  server.failure = { node_type: 'KSampler', exception_message: 'out of memory', exception_type: 'RuntimeError' };
  const transfer = ['transfer', 'scene.png', '--to', 'local:tiny-scenes,comfyui:paints', '--steps', '1', '--out', 'grid'];
  const first = await runJson(transfer, { home }, transferOutputSchema, 1);
  expect(first.rows.map(({ name, comparedWith }) => `${name} ${comparedWith}`)).toEqual(
    ['5', '15', '75'].map((length) => `${length} tokens picture`),
  );
  expect(first.cells.map(({ column, state }) => `${column} ${state}`)).toEqual([0, 1, 2].flatMap(() => ['0 done', '1 failed']));

  server.failure = null;
  const second = await runJson(transfer, { home }, transferOutputSchema);
  expect(second).toMatchObject({ transferId: first.transferId, kept: 3, tools: ['local:tiny-scenes', 'paints'] });
  expect(second.cells.filter(({ column }) => column === 0)).toEqual(first.cells.filter(({ column }) => column === 0));
  for (const { picture, score } of second.cells) {
    expect((await readFile(join(home, picture ?? ''))).subarray(1, 4).toString()).toBe('PNG');
    expect(score).not.toBeNull();
  }
  expect(second.files).toEqual(['csv', 'html', 'png'].map((ending) => join('grid', `transfer.${ending}`)));
  const [, ...lines] = parseCsv(await readFile(join(home, 'grid', 'transfer.csv'), 'utf8'));
  expect(lines.map(([prompt, , tool]) => `${prompt} ${tool}`)).toContain('15 tokens paints');
  expect(await readFile(join(home, 'grid', 'transfer.html'), 'utf8')).not.toMatch(/(?:src|href)="(?!data:)/);
});

it('a caption lies beside the text, and all texts that the library has of a picture are rows', { timeout: 480_000 }, async () => {
  const plan = ['transfer', 'scene.png', '--to', 'midjourney', '--seeds', '2', '--out', 'rows', '--rows'];
  const caption = 'a pig at dawn';
  const beside = await runJson([...plan, 'caption', '--caption', caption], { home }, transferOutputSchema);
  expect(beside.rows.map(({ name, comparedWith }) => `${name}, ${comparedWith}`)).toEqual([
    '75 tokens: text, picture',
    '75 tokens: caption, picture',
  ]);
  expect(beside.rows.map(({ text }) => text === caption)).toEqual([false, true]);
  expect(beside.cells).toHaveLength(4);
  // The texts of three lengths, which the first test has read.
  expect((await runJson([...plan, 'variants'], { home }, transferOutputSchema)).rows).toHaveLength(3);
});

it('texts for Midjourney lie beside the grid, and its pictures come from a folder', { timeout: 480_000 }, async () => {
  const transfer = ['transfer', 'text:a red fox in snow', 'text:a blue boat at sea', '--to', 'midjourney', '--out', 'by-hand'];
  const first = await runJson(transfer, { home }, transferOutputSchema);
  expect(first.cells.map(({ state }) => state)).toEqual(['awaited', 'awaited']);
  expect(first.files).toContain(join('by-hand', 'midjourney.txt'));
  expect(await readFile(join(home, 'by-hand', 'midjourney.txt'), 'utf8')).toBe(
    'a red fox in snow --seed 1\na blue boat at sea --seed 1\n',
  );

  await mkdir(join(home, 'drawn'));
  await writeFile(join(home, 'drawn', 'ann_a_blue_boat_at_se.png'), await drawTestPicture(2));
  await writeFile(join(home, 'drawn', 'other.png'), await drawTestPicture(3));
  const pictures = [...transfer, '--pictures', 'drawn'];
  const second = await runJson(pictures, { home }, transferOutputSchema, 1);
  expect(second.cells.map(({ state }) => state)).toEqual(['awaited', 'done']);
  expect(second.cells[1]?.score).toEqual(expect.any(Number));
  expect(second.errors).toMatchObject([{ image: join('drawn', 'other.png'), code: 'not-found' }]);

  // Watching ends by itself when nothing is missing any more.
  await rename(join(home, 'drawn', 'other.png'), join(home, 'drawn', 'ann_a_red_fox_in_sno.png'));
  const last = await runJson([...pictures, '--watch'], { home }, transferOutputSchema);
  expect(last).toMatchObject({ transferId: first.transferId, kept: 1, errors: [] });
  expect(last.cells.map(({ state }) => state)).toEqual(['done', 'done']);
});

it(
  'a picture that a service drew when the command was killed is paid again for who says so alone',
  { timeout: 480_000 },
  async () => {
    const png = readFileSync(new URL('../../fixtures/images/small.png', import.meta.url)).toString('base64');
    let tell = (): void => undefined;
    const asked = new Promise<void>((resolve) => (tell = resolve));
    const { listener, heard } = modelServer((response, number) => {
      if (number > 0) response.end(JSON.stringify({ data: [{ b64_json: png }] }));
      tell();
    });
    const address = `${await serveHttp(listener)}/v1`;
    const place = ['--kind', 'openai-images', '--address', address, '--model', 'draws', '--price-picture', '1'];
    await runJson(['connections', 'add', 'service', ...place, '--allow'], { home }, connectionsOutputSchema);

    const transfer = ['transfer', 'text:a red fox', '--to', 'service', '--out', 'paid'];
    const child = startCli(transfer, { home });
    const ended = endOf(child);
    await asked;
    child.kill('SIGKILL');
    await ended;
    const second = await runJson(transfer, { home }, transferOutputSchema, 1);
    expect(second.cells).toMatchObject([{ state: 'failed', error: { details: { mayBePaid: true } } }]);
    const third = await runJson(transfer, { home }, transferOutputSchema, 1);
    expect(third.cells[0]?.error).toEqual(second.cells[0]?.error);
    expect(heard).toHaveLength(1);
    const last = await runJson([...transfer, '--pay-again'], { home }, transferOutputSchema);
    expect(last.cells).toMatchObject([{ state: 'done', cost: 1 }]);
    expect(heard).toHaveLength(2);
  },
);
