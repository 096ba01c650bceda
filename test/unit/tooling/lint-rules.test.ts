import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ESLint } from 'eslint';
import { afterEach, describe, expect, it } from 'vitest';

const execute = promisify(execFile);
const project = resolve(import.meta.dirname, '../../..');

async function rulesBrokenBy(source: string, file: string): Promise<string[]> {
  const linter = new ESLint({
    cwd: project,
    // Planted text has no place in a tsconfig; the border rules need no types.
    overrideConfig: { languageOptions: { parserOptions: { project: null } } },
    ruleFilter: ({ ruleId }) => ruleId.endsWith('no-restricted-imports'),
  });
  const [result] = await linter.lintText(source, { filePath: join(project, file) });
  return (result?.messages ?? []).map((message) => message.ruleId ?? message.message);
}

describe('the border of the renderer and the contract', () => {
  it('finds a type import of the core inside a component, which dependency-cruiser does not see', async () => {
    const source =
      '<script lang="ts">import type { Session } from \'../../../main/tensor/session.ts\'; let session: Session;</script>{session}';
    expect(await rulesBrokenBy(source, 'renderer/features/words/Planted.svelte')).toContain('no-restricted-imports');
  });

  it('finds node in the page', async () => {
    expect(await rulesBrokenBy("import 'node:fs';", 'renderer/state/planted.ts')).toContain('no-restricted-imports');
  });

  it('finds a library in the contract', async () => {
    expect(await rulesBrokenBy("import 'pino';", 'contract/planted.ts')).toContain('no-restricted-imports');
  });

  it('lets the contract import zod', async () => {
    expect(await rulesBrokenBy("import { z } from 'zod'; export const schema = z.string();", 'contract/planted.ts')).toEqual([]);
  });
});

describe('the one way to write a file', () => {
  const rule = '@typescript-eslint/no-restricted-imports';

  it.each([
    "import { writeFile } from 'node:fs/promises';",
    "import { renameSync } from 'node:fs';",
    "import * as files from 'node:fs';",
  ])('finds another one: %s', async (source) => {
    expect(await rulesBrokenBy(source, 'main/services/planted.ts')).toContain(rule);
  });

  it('lets a room read', async () => {
    expect(await rulesBrokenBy("import { readFile } from 'node:fs/promises';", 'main/services/planted.ts')).toEqual([]);
  });
});

describe('the tsconfig of each layer', () => {
  let folder = '';
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ['contract', 'export const home: string = process.cwd();', 'process'],
    ['contract', 'export const title: string = document.title;', 'document'],
    ['main', 'export const title: string = document.title;', 'document'],
  ])('keeps %s free of what is not its runtime: %s', async (layer, source, name) => {
    folder = await mkdtemp(join(project, 'dist-planted-'));
    await writeFile(join(folder, 'planted.ts'), source);
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: `../tooling/tsconfig/${layer}.json`, include: ['planted.ts'], exclude: [] }),
    );
    const compiler = join(project, 'node_modules/typescript/bin/tsc');
    const failure = await execute(process.execPath, [compiler, '-p', folder]).then(
      () => '',
      (error: unknown) => (error as { stdout: string }).stdout,
    );
    expect(failure).toContain(`'${name}'`);
  });
});
