import { Arch, build, Platform } from 'electron-builder';
import type { Configuration } from 'electron-builder';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build as buildPage } from 'vite';
import { z } from 'zod';
import { feedAddressSchema } from '../../contract/updates.ts';
import { readChangelog } from '../release/read-changelog.ts';
import { buildElectron } from './build-electron.ts';
import { stageRuntime } from './stage-runtime.ts';
import { linuxFormats, useSystemTools } from './use-system-tools.ts';
import type { MissingFormat } from './use-system-tools.ts';
import { checkWeights, composeWeights, weighFolder, weighPackages } from './weigh-package.ts';

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

/**
 * Where the packages look for newer versions, and what a feed beside them says of this one. DEDIFFUSION_UPDATE_FEED names the place,
 * an https address of a folder.
 */
async function nameFeed(): Promise<Configuration> {
  const url = process.env['DEDIFFUSION_UPDATE_FEED'] ?? '';
  if (url === '') return {};
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const changelog = await readFile(join(root, 'CHANGELOG.md'), 'utf8');
  const hasEntry = new RegExp(`^## ${version.replaceAll('.', '\\.')}\\s`, 'm').test(changelog);
  return {
    publish: { provider: 'generic', url: feedAddressSchema.parse(url) },
    ...(hasEntry ? { releaseInfo: { releaseNotes: readChangelog(changelog, version).text } } : {}),
  };
}

/**
 * The formats that can be made here, and those that cannot. Formats that were asked for by name must all be possible.
 *
 * @throws Error with a sentence for each that is not
 */
async function chooseFormats(
  asked: readonly string[],
): Promise<{ formats: readonly string[]; missing: readonly MissingFormat[] }> {
  if (process.platform !== 'linux') return { formats: asked, missing: [] };
  const wanted = asked.length === 0 ? linuxFormats : asked;
  const missing = await useSystemTools(wanted, join(root, 'dist', 'tools'));
  const formats = wanted.filter((format) => !missing.some((one) => one.format === format));
  if (missing.length > 0 && (asked.length > 0 || formats.length === 0))
    throw new Error(missing.map(({ reason }) => reason).join('\n'));
  return { formats, missing };
}

async function printWeights(outFolder: string): Promise<void> {
  const unpacked = join(outFolder, 'linux-unpacked');
  if (!existsSync(unpacked)) return;
  const packages = await weighPackages(outFolder);
  console.log(composeWeights('Unpacked:', await weighFolder(unpacked), true));
  if (packages.length > 0) console.log(composeWeights('Packages:', packages, false));
  checkWeights(packages);
}

/**
 * Packs the desktop program for the system it runs on, as electron-builder.yml says, and prints what weighs what.
 *
 * @returns the formats that could not be made here, where none was asked for by name
 * @throws Error where a format that was asked for cannot be made, or a package is heavier than the limit
 */
export async function packageApp(options: PackageOptions = {}): Promise<readonly MissingFormat[]> {
  const { formats, missing } = await chooseFormats(options.formats ?? []);
  const rebuild = options.rebuild !== false;
  const hasPage = existsSync(join(root, 'dist', 'renderer', 'index.html'));
  if (rebuild || !hasPage)
    await buildPage({ root: join(root, 'renderer'), configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
  await buildElectron({ ifStale: !rebuild });
  const stage = join(root, 'dist', 'stage', `${process.platform}-${process.arch}`);
  await stageRuntime({ folder: stage, platform: process.platform, arch: process.arch });
  const electron = await useElectron(options.electronFolder ?? process.env['ELECTRON_OVERRIDE_DIST_PATH']);
  const arch = process.arch === 'arm64' ? Arch.arm64 : Arch.x64;
  const outFolder = options.outFolder ?? join(root, 'dist', 'package');
  await build({
    projectDir: root,
    targets: currentPlatform().createTarget([...formats], arch),
    config: {
      extends: join(root, 'electron-builder.yml'),
      directories: { output: outFolder },
      ...electron,
      ...(await nameFeed()),
    },
    publish: 'never',
  });
  await printWeights(outFolder);
  return missing;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { dir: { type: 'boolean', default: false }, formats: { type: 'string', default: '' } },
  });
  const formats = values.formats.split(',').filter((format) => format !== '');
  const missing = await packageApp({ formats: values.dir ? ['dir'] : formats });
  for (const { reason } of missing) console.error(reason);
}
