import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { importOutputSchema } from '../../../main/shell/cli/commands/import.ts';
import { runJson } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('a prompt of another tool is read by its signs', async () => {
  await writeFile(join(home, 'fox.txt'), 'a fox::1.5 in snow --no dog --seed 7');
  const read = await runJson(['import', 'fox.txt'], { home }, importOutputSchema);
  expect(read).toMatchObject({ from: 'midjourney', negative: 'dog', settings: { seed: 7 } });
  expect(read.document.slots.filter(({ weight }) => weight !== 1).map(({ text, weight }) => [text, weight])).toEqual([
    ['a', 1.5],
    ['fox', 1.5],
  ]);
});
