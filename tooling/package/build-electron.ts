import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));
const outFolder = join(root, 'dist', 'electron');
const entries = { main: 'main/shell/electron/main.ts', preload: 'preload/preload.ts' } as const;
/** Everything that may end up in the two bundles. */
const sourceFolders = ['contract', 'main', 'preload'];

async function newestChangeMs(folder: string): Promise<number> {
  const entriesOfFolder = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entriesOfFolder.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'));
  const times = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).mtimeMs));
  return Math.max(0, ...times);
}

async function isCurrent(): Promise<boolean> {
  const outputs = Object.keys(entries).map((name) => join(outFolder, `${name}.cjs`));
  if (!outputs.every((path) => existsSync(path))) return false;
  const built = Math.min(...(await Promise.all(outputs.map(async (path) => (await stat(path)).mtimeMs))));
  const changed = Math.max(...(await Promise.all(sourceFolders.map((folder) => newestChangeMs(join(root, folder))))));
  return built > changed;
}

/**
 * Bundles the desktop program into dist/electron/main.cjs and preload.cjs. Electron's own Node runs no TypeScript,
 * and a sandboxed preload can load one file only. Nothing is left to be looked up in node_modules.
 *
 * @param options.ifStale build only when a source is newer than the bundles
 */
export async function buildElectron({ ifStale = false }: { ifStale?: boolean } = {}): Promise<void> {
  if (ifStale && (await isCurrent())) return;
  for (const [name, entry] of Object.entries(entries)) {
    await build({
      configFile: false,
      root,
      logLevel: 'warn',
      ssr: { noExternal: true, target: 'node' },
      build: {
        ssr: entry,
        outDir: outFolder,
        emptyOutDir: false,
        // Electron 33, the oldest one this runs in, has Node 20.
        target: 'node20',
        minify: false,
        rolldownOptions: {
          external: ['electron', ...builtinModules, /^node:/],
          output: { format: 'cjs', entryFileNames: `${name}.cjs`, codeSplitting: false },
        },
      },
    });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildElectron({ ifStale: process.argv.includes('--if-stale') });
