import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { metadataReadOutputSchema, metadataStripOutputSchema } from '../../../main/shell/cli/commands/metadata.ts';
import { pngWith } from '../../helpers/metadata-files.ts';
import { generateOutputSchema } from '../../../main/shell/cli/commands/generate.ts';
import { runCli, runJson } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
  await writeFile(
    join(home, 'fox.png'),
    await pngWith([['parameters', 'a \u001b[31mfox\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 12']]),
  );
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('what a picture says is printed, and can be taken out', async () => {
  const read = await runJson(['metadata', 'read', 'fox.png'], { home }, metadataReadOutputSchema);
  expect(read.metadata).toMatchObject({ writer: 'a1111', prompt: 'a [31mfox', seed: '12', steps: 20 });
  const text = await runCli(['metadata', 'read', 'fox.png'], { home });
  expect(text.stdout).toContain('seed');
  expect(text.stdout).not.toContain('\u001b');
  const stripped = await runJson(['metadata', 'strip', 'fox.png'], { home }, metadataStripOutputSchema);
  expect(stripped).toMatchObject({ source: 'fox.png', file: 'fox-stripped.png', removed: ['parameters'] });
  expect((await readFile(join(home, 'fox-stripped.png'))).includes('fox')).toBe(false);
  const again = await runCli(['metadata', 'read', 'fox-stripped.png'], { home });
  expect(again.stdout).toContain('says nothing of how it was made');
});

it('whoever reads a picture that says how it was made is told so', async () => {
  const { stdout, stderr } = await runCli(['encode', 'fox.png', '--json'], { home });
  expect(stderr).toContain('fox.png says how it was made');
  expect(stdout).not.toContain('says how it was made');
});

it('a picture is drawn as another says it was made', async () => {
  const text = 'a (red:1.5) apple\nNegative prompt: blue\nSteps: 2, Sampler: Euler, CFG scale: 3, Seed: 41, Size: 64x64';
  await writeFile(join(home, 'apple.png'), await pngWith([['parameters', text]]));
  const { recipe } = await runJson(
    ['generate', '--like', 'apple.png', '--seed', '42', '--out', 'out'],
    { home },
    generateOutputSchema,
  );
  expect(recipe).toMatchObject({ text: 'a red apple', negative: 'blue', steps: 2, guidance: 3, seed: 42 });
  expect(recipe.tokenWeights).toContain(1.5);
});
