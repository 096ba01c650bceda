import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeOutputSchema } from '../../../main/shell/cli/commands/encode.ts';
import { generateOutputSchema } from '../../../main/shell/cli/commands/generate.ts';
import { drawTestPicture } from './draw-test-picture.ts';
import { failureOutputSchema } from './failure-output.ts';
import { runCli, runJson } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const read = (file: string) => readFile(join(home, file));
const generate = (...args: string[]) => runJson(['generate', '--steps', '2', ...args], { home }, generateOutputSchema);

describe('generate', () => {
  it('draws the same bytes twice from one seed, and others from another', async () => {
    const args = ['a red apple on a beach', '--seed', '42'];
    const first = await generate(...args, '--out', 'first');
    const second = await generate(...args, '--out', 'second');
    const other = await generate(args[0] ?? '', '--seed', '43', '--out', 'second');
    expect(first.files).toEqual([join('first', 'a-red-apple-on-a-beach-42.png')]);
    expect(await read(second.files[0] ?? '')).toEqual(await read(first.files[0] ?? ''));
    expect(await read(other.files[0] ?? '')).not.toEqual(await read(first.files[0] ?? ''));
    expect(first.recipe).toMatchObject({ seed: 42, steps: 2, text: 'a red apple on a beach', device: 'cpu' });
    const { format, width, height } = await sharp(join(home, first.files[0] ?? '')).metadata();
    expect({ format, width, height }).toEqual({ format: 'png', width: first.recipe.width, height: first.recipe.height });
  });

  it('counts seeds up, and leaves no file half written', async () => {
    const { files, seeds } = await generate('a boat', '--seed', '7', '--count', '3', '--out', 'counted');
    expect(seeds).toEqual([7, 8, 9]);
    expect((await readdir(join(home, 'counted'))).sort()).toEqual(['a-boat-7.png', 'a-boat-8.png', 'a-boat-9.png']);
    expect(new Set(await Promise.all(files.map(async (file) => (await read(file)).toString('base64')))).size).toBe(3);
  });

  it('never overwrites other bytes, and does not write the same twice', async () => {
    const first = await generate('a car', '--seed', '1', '--out', 'kept');
    const again = await generate('a car', '--seed', '1', '--out', 'kept');
    const changed = await generate('a car', '--seed', '1', '--out', 'kept', '--guidance', '9');
    expect(again.files).toEqual(first.files);
    expect(changed.files).toEqual([join('kept', 'a-car-1-2.png')]);
    expect(await readdir(join(home, 'kept'))).toHaveLength(2);
  });

  it('writes the settings it was given into the recipe', async () => {
    await writeFile(join(home, 'init.png'), await drawTestPicture(5));
    const args = [
      'a cat',
      '--guidance',
      '2.5',
      '--scheduler',
      'euler',
      '--negative',
      'blue',
      '--init',
      'init.png',
      '--strength',
      '0.6',
    ];
    const { recipe } = await generate(...args, '--seed', '3', '--out', 'set');
    expect(recipe).toMatchObject({ guidance: 2.5, scheduler: 'euler', negative: 'blue', init: { strength: 0.6 } });
  });

  it('draws a part of a picture anew', async () => {
    await writeFile(join(home, 'first.png'), await drawTestPicture(5));
    const { width, height } = await sharp(join(home, 'first.png')).metadata();
    const white = { create: { width, height, channels: 3 as const, background: 'white' } };
    await sharp(white).png().toFile(join(home, 'mask.png'));
    const { recipe } = await generate('a cat', '--init', 'first.png', '--mask', 'mask.png', '--seed', '3', '--out', 'masked');
    expect(recipe.init).toMatchObject({ strength: 1, maskSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  });

  it('draws anew only the part that its prompt was read from, or a part that is named', async () => {
    const original = await drawTestPicture(6);
    await writeFile(join(home, 'part.png'), original);
    const imageSha256 = createHash('sha256').update(original).digest('hex');
    const { width, height } = await sharp(original).metadata();
    const box = `0,0,${width / 2},${height}`;
    const seen = await runJson(['encode', 'part.png', '--region', box, '--length', '5'], { home }, encodeOutputSchema);
    const { id: tokenId, text } = seen.images[0]?.tokens[0] ?? { id: 0, text: '' };
    const region = { x: 0, y: 0, width: width / 2, height };
    const source = { type: 'reading', sha256: null, packId: 'tiny-scenes', imageSha256, length: 1, region };
    const slot = {
      id: 's1',
      tokenId,
      text,
      endsWord: true,
      source: 0,
      position: 0,
      exact: true,
      probability: 1,
      weight: 1,
    };
    const document = {
      schemaVersion: 2,
      id: 'd1',
      packId: 'tiny-scenes',
      length: 1,
      imageSha256,
      sources: [source],
      slots: [slot],
    };
    await writeFile(join(home, 'part.json'), JSON.stringify(document));
    const args = ['--init', 'part.png', '--seed', '3', '--out', 'part'];
    const read = await generate('--prompt', 'part.json', '--mask-region', ...args);
    const named = await generate('--prompt', 'part.json', `--mask-region=${box}`, ...args);
    expect(named.recipe.init).toEqual(read.recipe.init);
    expect(read.recipe.init).toMatchObject({ strength: 1, maskSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    const unread = await runCli(['generate', 'a cat', '--mask-region', ...args], { home });
    expect(unread.code).toBe(2);
    expect(unread.stderr).toContain('was not read from a part of this picture');
  });

  it('mixes a share of another text into what the model is told', async () => {
    const mixed = await generate('a cat', '--mix-with', 'a boat', '--mix', '0.25', '--seed', '3', '--out', 'mixed');
    const plain = await generate('a cat', '--seed', '3', '--out', 'mixed');
    expect(mixed.recipe).toMatchObject({ text: 'a cat', mixed: { text: 'a boat', share: 0.25 } });
    expect(await read(mixed.files[0] ?? '')).not.toEqual(await read(plain.files[0] ?? ''));
  });

  it('draws a seed by itself and tells it', async () => {
    const { seeds, recipe } = await generate('a cat', '--out', 'free');
    expect(seeds).toEqual([recipe.seed]);
  });

  it('reads prompt files: text, and documents with their exact tokens', async () => {
    await writeFile(join(home, 'prompt.txt'), 'a red apple on a beach\n');
    const text = await generate('--prompt', 'prompt.txt', '--seed', '42', '--out', 'files');
    const typed = await generate('a red apple on a beach', '--seed', '42', '--out', 'files');
    expect(text.recipe.tokenIds).toEqual(typed.recipe.tokenIds);
    await writeFile(join(home, 'broken.json'), '{"schemaVersion": 1');
    const { error } = await runJson(['generate', '--prompt', 'broken.json', '--out', 'files'], { home }, failureOutputSchema, 1);
    expect(error.code).toBe('prompt-invalid');
    const missing = await runJson(['generate', '--prompt', 'none.txt', '--out', 'files'], { home }, failureOutputSchema, 1);
    expect(missing.error.code).toBe('file-unreadable');
  });

  it.each([
    ['10,000 words', 'red apple '.repeat(5000)],
    ['emoji', '🦊🏔️ 👩‍👩‍👧‍👦 a cat'],
    ['control characters', 'a\u0007 cat\u001b[31m on\u0008 a beach\r\n'],
    ['a text like a flag, after --', '--seed 5'],
  ])('takes %s', async (_, text) => {
    const { files } = await generate('--seed', '1', '--out', 'odd', '--json', '--', text);
    expect(files).toHaveLength(1);
  });

  it('refuses an empty text and one that is far too long, with a hint', async () => {
    const empty = await runJson(['generate', ' ', '--out', 'odd'], { home }, failureOutputSchema, 1);
    expect(empty.error.code).toBe('prompt-empty');
    const long = await runJson(['generate', 'x'.repeat(100_001), '--out', 'odd'], { home }, failureOutputSchema, 1);
    expect(long.error).toMatchObject({ code: 'prompt-too-long', details: { limit: 100_000 } });
  });

  it('refuses a seed from which it could not count up', async () => {
    const args = ['generate', 'a red circle', '--seed', '9007199254740991', '--count', '2', '--out', 'odd'];
    const refused = await runJson(args, { home }, failureOutputSchema, 1);
    expect(refused.error).toMatchObject({ code: 'bad-request', details: { seeds: 2, largest: 9007199254740990 } });
  });

  it('says what is wrong with --out before any work is done', async () => {
    await writeFile(join(home, 'a-file'), '');
    const run = await runCli(['generate', 'a cat', '--out', 'a-file/inner', '--json'], { home });
    expect(run.code).toBe(1);
    expect(failureOutputSchema.parse(JSON.parse(run.stdout)).error.code).toBe('file-unwritable');
    expect(run.stderr).not.toMatch(/Drawing|Loading/);
  });
});
