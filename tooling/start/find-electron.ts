import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An Electron to start, or why there is none, in words. */
export type FoundElectron =
  { readonly type: 'found'; readonly path: string } | { readonly type: 'absent'; readonly reason: string };

export interface ElectronSearch {
  readonly root: string;
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

/** A slow line takes minutes for a hundred megabytes; a dead one must not keep a person waiting for ever. */
const downloadLimitMs = 600_000;

const executableNames: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  win32: 'electron.exe',
  darwin: join('Electron.app', 'Contents', 'MacOS', 'Electron'),
};

const absent = (reason: string): FoundElectron => ({ type: 'absent', reason });

/** Electron's package has no install script: its binary comes with this script, once. */
function download(script: string): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'ignore'], timeout: downloadLimitMs });
    child.once('error', () => resolve(null));
    child.once('exit', resolve);
  });
}

/**
 * Finds the Electron that `npm start` opens the studio with: the folder in ELECTRON_OVERRIDE_DIST_PATH, the one npm's package
 * has fetched, or the one it fetches now.
 */
export async function findElectron({ root, platform, environment, say }: ElectronSearch): Promise<FoundElectron> {
  const hasDisplay = Boolean(environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY']);
  if (platform === 'linux' && !hasDisplay) return absent('there is no display here');
  const name = executableNames[platform] ?? 'electron';
  const given = environment['ELECTRON_OVERRIDE_DIST_PATH'];
  if (given !== undefined && given !== '') {
    const path = join(given, name);
    return existsSync(path) ? { type: 'found', path } : absent(`ELECTRON_OVERRIDE_DIST_PATH holds no ${name}`);
  }
  const folder = join(root, 'node_modules', 'electron');
  const path = join(folder, 'dist', name);
  if (existsSync(path)) return { type: 'found', path };
  const script = join(folder, 'install.js');
  if (!existsSync(script)) return absent('Electron’s package is not installed; "npm ci" brings it');
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  say(`Fetching Electron ${manifest.version} (about 120 MB), once …`);
  const exitCode = await download(script);
  return exitCode === 0 && existsSync(path) ? { type: 'found', path } : absent('Electron could not be fetched');
}
