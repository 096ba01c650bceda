import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askOutputSchema } from '../../../main/shell/cli/commands/ask.ts';
import { blendOutputSchema } from '../../../main/shell/cli/commands/blend.ts';
import { encodeOutputSchema } from '../../../main/shell/cli/commands/encode.ts';
import { exportOutputSchema } from '../../../main/shell/cli/commands/export.ts';
import { generateOutputSchema } from '../../../main/shell/cli/commands/generate.ts';
import {
  libraryBoardsOutputSchema,
  libraryListOutputSchema,
  libraryShowOutputSchema,
} from '../../../main/shell/cli/commands/library.ts';
import { openStudio } from '../../../main/studio.ts';
import { drawTestPicture } from './draw-test-picture.ts';
import { failureOutputSchema } from './failure-output.ts';
import { runCli, runJson } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
  await writeFile(join(home, 'one.png'), await drawTestPicture(1));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const list = (...args: string[]) => runJson(['library', ...args], { home }, libraryListOutputSchema);
const exportTo = (source: string, ...args: string[]) => runJson(['export', source, ...args], { home }, exportOutputSchema);

describe('library and export', () => {
  it('keeps what --save kept, and shows what it was made from', async () => {
    expect((await list('list')).total).toBe(0);
    const { images } = await runJson(['encode', 'one.png', '--length', '15', '--save'], { home }, encodeOutputSchema);
    const text = images[0]?.text ?? '';
    expect((await list('list', '--kind', 'prompt')).items).toMatchObject([{ kind: 'prompt', text }]);
    const { items } = await list('list');
    const prompt = items.find((item) => item.kind === 'prompt');
    const shown = await runJson(['library', 'show', prompt?.id ?? ''], { home }, libraryShowOutputSchema);
    expect(shown.ancestors).toMatchObject([{ kind: 'picture' }]);
    expect(shown.item.kind === 'prompt' && shown.item.prompt.slots).toHaveLength(15);
  });

  it('finds words in what was drawn', async () => {
    const generated = ['generate', 'a zebra on a mountain', '--seed', '4', '--steps', '2', '--out', 'out', '--save'];
    await runJson(generated, { home }, generateOutputSchema);

    const all = await list('list');
    expect(all.items.map((item) => item.kind).sort()).toEqual(['generation', 'picture', 'prompt']);
    expect((await list('search', 'zebra')).items).toMatchObject([{ kind: 'generation' }]);
    expect((await list('search', 'nothing-like-it')).total).toBe(0);

    const human = await runCli(['library', 'list'], { home });
    expect(human.stdout.trim().split('\n')).toHaveLength(3);
  });

  it('exports items of every kind, as the picture file itself is exported', async () => {
    const { items } = await list('list');
    const idOf = (kind: string) => items.find((item) => item.kind === kind)?.id ?? '';
    const fromPrompt = await exportTo(idOf('prompt'), '--to', 'midjourney', '--aspect', '3:2');
    expect(fromPrompt.text).toMatch(/ --ar 3:2$/);
    expect((await exportTo(idOf('picture'), '--to', 'midjourney', '--aspect', '3:2')).text).toBe(fromPrompt.text);
    const fromFile = await exportTo('one.png', '--to', 'midjourney', '--aspect', '3:2', '--length', '15');
    expect(fromFile).toMatchObject({ source: 'one.png', target: 'midjourney', text: fromPrompt.text });
    expect((await exportTo(idOf('generation'), '--to', 'plain')).text).toBe('a zebra on a mountain');
    expect((await exportTo(idOf('generation'), '--to', 'a1111', '--steps', '20', '--seed', '1')).text).toMatch(
      /\nSteps: 20, Seed: 1, /,
    );
  });

  it('blends items of every kind and asks them, as their texts', async () => {
    const { items } = await list('list');
    const idOf = (kind: string) => items.find((item) => item.kind === kind)?.id ?? '';
    const { text } = await exportTo(idOf('prompt'), '--to', 'plain');
    const ofPrompt = await runJson(['blend', idOf('prompt'), idOf('generation')], { home }, blendOutputSchema);
    expect([ofPrompt.a.text, ofPrompt.b.text]).toEqual([text, 'a zebra on a mountain']);
    const ofPicture = await runJson(['blend', idOf('picture'), 'text:a zebra on a mountain'], { home }, blendOutputSchema);
    expect(ofPicture).toMatchObject({ a: { text }, aPlusB: { text: ofPrompt.aPlusB.text } });
    const answer = await runJson(['ask', idOf('generation'), 'Where is the zebra?'], { home }, askOutputSchema);
    expect(answer).toMatchObject({ answer: 'mountain', text: 'a zebra on a mountain' });
  });

  it('draws a shown item again from its exact tokens', async () => {
    const { items } = await list('list', '--kind', 'prompt');
    const shown = await runCli(['library', 'show', items[0]?.id ?? '', '--json'], { home });
    await writeFile(join(home, 'shown.json'), shown.stdout);
    const { item } = libraryShowOutputSchema.parse(JSON.parse(shown.stdout));
    const args = ['generate', '--prompt', 'shown.json', '--steps', '2', '--seed', '1', '--out', 'out'];
    const { recipe } = await runJson(args, { home }, generateOutputSchema);
    expect(item.kind === 'prompt' && item.prompt.slots.map((slot) => slot.tokenId)).toEqual(recipe.tokenIds);
  });

  it('lists boards, and what is on one', async () => {
    const studio = await openStudio({ dataFolder: home, device: 'cpu' });
    const board = await studio.client.library.createBoard({ name: 'Far plains' });
    const { rows } = await studio.client.library.rows({ kinds: ['generation'] });
    await studio.client.library.updateMany({ itemIds: rows.map(({ id }) => id), change: { addToBoard: board.id } });
    await studio.close();
    const { boards } = await runJson(['library', 'boards'], { home }, libraryBoardsOutputSchema);
    expect(boards).toEqual([{ ...board, items: rows.length }]);
    expect((await list('list', '--board', 'far plains')).items.map(({ kind }) => kind)).toEqual(['generation']);
    expect((await list('list', '--board', board.id, '--pack', 'no-such-pack')).total).toBe(0);
    const { error } = await runJson(['library', 'list', '--board', 'Mars'], { home }, failureOutputSchema, 1);
    expect(error.code).toBe('not-found');
  });

  it('prints nothing but the prompt on stdout', async () => {
    const { items } = await list('list', '--kind', 'generation');
    const run = await runCli(['export', items[0]?.id ?? '', '--to', 'midjourney', '--steps', '5'], { home });
    expect(run).toMatchObject({ code: 0, stdout: 'a zebra on a mountain\n' });
    expect(run.stderr).toMatch(/steps/);
  });

  it('says when there is no such file or item', async () => {
    const { error } = await runJson(['library', 'show', 'nobody'], { home }, failureOutputSchema, 1);
    expect(error.code).toBe('not-found');
    const missing = await runJson(['export', 'nobody', '--to', 'plain'], { home }, failureOutputSchema, 1);
    expect(missing.error.code).toBe('not-found');
    const file = await runJson(['export', 'no/file.png', '--to', 'plain'], { home }, failureOutputSchema, 1);
    expect(file.error.code).toBe('file-unreadable');
  });
});
