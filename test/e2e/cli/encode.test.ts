import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeOutputSchema } from '../../../main/shell/cli/commands/encode.ts';
import { drawTestPicture } from './draw-test-picture.ts';
import { failureOutputSchema } from './failure-output.ts';
import { runCli, runJson } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
  await mkdir(join(home, 'pictures', 'deep'), { recursive: true });
  for (const number of [1, 2, 10]) await writeFile(join(home, 'pictures', `scene ${number}.png`), await drawTestPicture(number));
  await writeFile(join(home, 'pictures', 'deep', 'inner.png'), await drawTestPicture(20));
  await writeFile(join(home, 'pictures', 'notes.txt'), 'not a picture');
  await writeFile(join(home, 'empty.png'), '');
  await writeFile(join(home, 'lie.png'), 'this is not a picture');
  await writeFile(join(home, 'torn.png'), (await drawTestPicture(3, 400)).subarray(0, 900));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('encode', () => {
  it('reads a picture as tokens with candidates', async () => {
    const { images, errors } = await runJson(
      ['encode', 'pictures/scene 1.png', '--length', '15', '--top', '3'],
      { home },
      encodeOutputSchema,
    );
    expect(errors).toEqual([]);
    expect(images).toHaveLength(1);
    const [image] = images;
    expect(image).toMatchObject({ image: 'pictures/scene 1.png', length: 15 });
    expect(image?.tokens).toHaveLength(15);
    for (const token of image?.tokens ?? []) {
      expect(token.alternatives).toHaveLength(3);
      expect(token.alternatives[0]).toMatchObject({ id: token.id, probability: token.probability });
      const probabilities = token.alternatives.map(({ probability }) => probability);
      expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a));
    }
    const joined = image?.tokens.map(({ text }) => text).join('');
    expect(image?.text.replaceAll(' ', '')).toBe(joined);
  });

  it("refines the encoder's text by the decoder's loss, the same each time", async () => {
    const sample = join(import.meta.dirname, '../../../models/packs/tiny-scenes/samples/1-pig.png');
    const args = ['encode', sample, 'pictures/scene 2.png', '--length', '15', '--reader', 'decoder-search'];
    const { images } = await runJson(args, { home }, encodeOutputSchema);
    expect(images).toHaveLength(2);
    for (const { loss, tokens } of images) {
      expect(loss?.after).toBeLessThanOrEqual(loss?.before ?? 0);
      expect(loss?.evaluations).toBeGreaterThan(0);
      expect(tokens).toHaveLength(15);
    }
    const again = await runJson(args, { home }, encodeOutputSchema);
    expect(again).toEqual({ images, errors: [] });
    const few = await runJson([...args, '--budget', '2'], { home }, encodeOutputSchema);
    expect(few.images[1]?.loss?.evaluations).toBeLessThan(images[1]?.loss?.evaluations ?? 0);
  });

  it('searches by likeness at any length, around words that stay, and names what fits least', async () => {
    const sample = join(import.meta.dirname, '../../../models/packs/tiny-scenes/samples/1-pig.png');
    const search = ['encode', sample, '--reader', 'clip-search', '--length', '7', '--start', 'Whale castle', '--lock', 'whale'];
    const { images } = await runJson([...search, '--negative', '--top', '4'], { home }, encodeOutputSchema);
    const [image] = images;
    expect(image?.text).toMatch(/^whale( [a-z0-9]+){6}$/);
    expect(image?.tokens[1]?.alternatives).toHaveLength(4);
    expect(image?.negative).toMatch(/^[a-z0-9]+( [a-z0-9]+){6}$/);
    const strange = await runCli(['encode', sample, '--start', 'whale'], { home });
    expect(strange).toMatchObject({ code: 2, stderr: expect.stringContaining('--start') as string });
    const unknown = await runCli([...search, '--lock', 'fox'], { home });
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('--lock fox') as string });
  });

  it.each([5, 15, 75])('reads %i tokens', async (length) => {
    const { images } = await runJson(
      ['encode', 'pictures/scene 2.png', '--length', String(length)],
      { home },
      encodeOutputSchema,
    );
    expect(images[0]?.tokens).toHaveLength(length);
  });

  it('says whether the pack knows the kind of picture', async () => {
    const noise = { width: 96, height: 96, channels: 3 as const, background: '#808080' };
    const strange = sharp({ create: { ...noise, noise: { type: 'gaussian', mean: 128, sigma: 60 } } });
    await writeFile(join(home, 'strange.png'), await strange.png().toBuffer());
    const sample = join(import.meta.dirname, '../../../models/packs/tiny-scenes/samples/1-pig.png');
    const { images } = await runJson(['encode', 'strange.png', sample, '--length', '5'], { home }, encodeOutputSchema);
    expect(images.map(({ world }) => world?.inside)).toEqual([false, true]);
    for (const { world } of images) expect(world?.inside).toBe((world?.score ?? 0) >= (world?.threshold ?? 1));
    const said = await runCli(['encode', 'strange.png', '--length', '5'], { home });
    expect(said.stdout).toContain('the words are guesses');
  });

  it('takes folders in counting order, patterns, and each file once', async () => {
    const names = ['pictures', 'pictures/**/*.png', 'pictures/scene 1.png'];
    const { images, errors } = await runJson(['encode', ...names, '--length', '5'], { home }, encodeOutputSchema);
    expect(errors).toEqual([]);
    expect(images.map(({ image }) => image)).toEqual([
      'pictures/scene 1.png',
      'pictures/scene 2.png',
      'pictures/scene 10.png',
      'pictures/deep/inner.png',
    ]);
  });

  it('reports bad files of a batch and goes on', async () => {
    const names = [
      'empty.png',
      'pictures/scene 1.png',
      'lie.png',
      'nowhere.png',
      'torn.png',
      'no*thing.png',
      'pictures/scene 2.png',
    ];
    const { images, errors } = await runJson(['encode', ...names, '--length', '5'], { home }, encodeOutputSchema, 1);
    expect(images.map(({ image }) => image)).toEqual(['pictures/scene 1.png', 'pictures/scene 2.png']);
    expect(Object.fromEntries(errors.map(({ image, code }) => [image, code]))).toEqual({
      'empty.png': 'image-unreadable',
      'lie.png': 'image-unreadable',
      'torn.png': 'image-unreadable',
      'nowhere.png': 'file-unreadable',
      'no*thing.png': 'not-found',
    });
    for (const { message, hint } of errors) expect(message.length * hint.length).toBeGreaterThan(0);
  });

  it('speaks to a person without --json: results on stdout, the rest on stderr', async () => {
    const run = await runCli(['encode', 'pictures/scene 1.png', 'empty.png', '--length', '5', '--top', '2'], { home });
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(
      /^pictures\/scene 1\.png {2}5 tokens\n.+\n(?:This picture is of another kind .+\n)?(?: +\d+ {2}.+\d+%.*\n){5}$/,
    );
    expect(run.stdout).not.toContain('\u001b');
    expect(run.stderr).toContain('empty.png: ');
  });

  it('says which pack is missing and what there is', async () => {
    const { error } = await runJson(['encode', 'pictures', '--pack', 'nobody'], { home }, failureOutputSchema, 1);
    expect(error.code).toBe('pack-not-found');
    expect(error.hint).toContain('tiny-scenes');
  });

  it('refuses more candidates than the pack knows', async () => {
    const { error } = await runJson(['encode', 'pictures', '--top', '50'], { home }, failureOutputSchema, 2);
    expect(error.message).toMatch(/--top 50/);
  });

  it('keeps nothing unless told to', async () => {
    const other = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
    try {
      const place = { home: join(other, 'home'), folder: home };
      await runJson(['encode', 'pictures/scene 1.png', '--length', '5'], place, encodeOutputSchema);
      expect((await runCli(['library', 'list', '--json'], place)).stdout).toContain('"total": 0');
    } finally {
      await rm(other, { recursive: true, force: true });
    }
  });
});
