import { Arch, build, Platform } from 'electron-builder';
import type { Configuration } from 'electron-builder';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build as buildPage } from 'vite';
import { buildElectron } from './build-electron.ts';
import { stageRuntime } from './stage-runtime.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface PackageOptions {
  /** Of electron-builder, such as `tar.gz`; `dir` is a folder that starts. None: all formats of this system. */
  readonly formats?: readonly string[];
  /** Default dist/package. */
  readonly outFolder?: string;
  /** An unpacked Electron to pack instead of the one electron-builder would fetch. Default: ELECTRON_OVERRIDE_DIST_PATH. */
  readonly electronFolder?: string | undefined;
  /** Builds page and program whether they changed or not. Default true. */
  readonly rebuild?: boolean;
}

function currentPlatform(): Platform {
  if (process.platform === 'darwin') return Platform.MAC;
  return process.platform === 'win32' ? Platform.WINDOWS : Platform.LINUX;
}

/** An Electron that lies unpacked says which it is, and may hold an app of its own, which is not ours to pack. */
async function useElectron(folder: string | undefined): Promise<Configuration> {
  if (folder === undefined || folder === '') return {};
  const version = await readFile(join(folder, 'version'), 'utf8');
  return {
    electronDist: folder,
    electronVersion: version.trim().replace(/^v/, ''),
    afterExtract: ({ appOutDir }) => rm(join(appOutDir, 'resources', 'app'), { recursive: true, force: true }),
  };
}

/** Packs the desktop program for the system it runs on, as electron-builder.yml says. */
export async function packageApp(options: PackageOptions = {}): Promise<void> {
  const rebuild = options.rebuild !== false;
  const hasPage = existsSync(join(root, 'dist', 'renderer', 'index.html'));
  if (rebuild || !hasPage)
    await buildPage({ root: join(root, 'renderer'), configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
  await buildElectron({ ifStale: !rebuild });
  const stage = join(root, 'dist', 'stage', `${process.platform}-${process.arch}`);
  await stageRuntime({ folder: stage, platform: process.platform, arch: process.arch });
  const electron = await useElectron(options.electronFolder ?? process.env['ELECTRON_OVERRIDE_DIST_PATH']);
  const arch = process.arch === 'arm64' ? Arch.arm64 : Arch.x64;
  await build({
    projectDir: root,
    targets: currentPlatform().createTarget([...(options.formats ?? [])], arch),
    config: {
      extends: join(root, 'electron-builder.yml'),
      directories: { output: options.outFolder ?? join(root, 'dist', 'package') },
      ...electron,
    },
    publish: 'never',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { dir: { type: 'boolean', default: false } } });
  await packageApp({ formats: values.dir ? ['dir'] : [] });
}
