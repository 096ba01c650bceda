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
    ruleFilter: ({ ruleId }) => /(^|\/)no-restricted-/.test(ruleId),
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

describe('the one way out', () => {
  const core = 'main/services/planted.ts';
  it.each([
    ['no-restricted-globals', core, "await fetch('https://example.com');"],
    ['no-restricted-globals', core, "new WebSocket('wss://example.com');"],
    ['no-restricted-globals', core, "new WebSocketStream('wss://example.com');"],
    ['no-restricted-globals', core, "new EventSource('https://example.com');"],
    ['no-restricted-globals', 'renderer/state/planted.ts', 'new XMLHttpRequest();'],
    ['no-restricted-globals', 'renderer/state/planted.ts', "new WebTransport('https://example.com');"],
    ['no-restricted-globals', 'renderer/state/planted.ts', 'new RTCPeerConnection();'],
    ['no-restricted-globals', 'renderer/features/words/Planted.svelte', "<script>fetch('https://example.com');</script>"],
    ['no-restricted-globals', 'renderer/desktop/browser-tab.ts', "new WebSocket('wss://example.com');"],
    ['no-restricted-globals', 'preload/planted.ts', "void fetch('https://example.com');"],
    ['no-restricted-globals', 'contract/planted.ts', "void fetch('https://example.com');"],
    ['no-restricted-syntax', core, "void globalThis.fetch('https://example.com');"],
    ['no-restricted-syntax', core, "void globalThis['fetch']('https://example.com');"],
    ['no-restricted-syntax', core, 'export const { fetch } = globalThis;'],
    ['no-restricted-syntax', core, "export const tls = process.getBuiltinModule('tls');"],
    ['no-restricted-syntax', core, "import { createRequire } from 'node:module'; export const make = createRequire;"],
    ['no-restricted-syntax', 'renderer/state/planted.ts', "navigator.sendBeacon('https://example.com');"],
    ['no-restricted-syntax', 'main/shell/electron/planted.ts', "void session.defaultSession.fetch('https://example.com');"],
    ['no-restricted-imports', 'main/shell/electron/planted.ts', "import { net } from 'electron'; export const way = net;"],
  ])('%s finds what is planted in %s: %s', async (rule, file, source) => {
    expect(await rulesBrokenBy(source, file)).toContain(rule);
  });

  it('lets the page ask its own studio where it is named, and a class have a method of that name', async () => {
    expect(await rulesBrokenBy("void fetch('/images');", 'renderer/client/upload-image.ts')).toEqual([]);
    expect(await rulesBrokenBy("void fetch('/images/1');", 'renderer/desktop/browser-tab.ts')).toEqual([]);
    expect(await rulesBrokenBy("void fetch('/readings/1');", 'renderer/client/read-reading.ts')).toEqual([]);
    expect(await rulesBrokenBy('export class One { #fetch = 1; two() { return this.#fetch; } }', core)).toEqual([]);
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
