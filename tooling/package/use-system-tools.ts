import { chmod, copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAppimageRuntime, runtimePackages } from './build-appimage-runtime.ts';

/** What one format is made with that electron-builder would otherwise download. */
interface Tool {
  /** The variable electron-builder reads. Whoever set it chose, and is left alone. */
  readonly variable: string;
  /** Debian packages that bring it. */
  readonly packages: readonly string[];
  /** Finds it, or makes it in a folder. Null where this machine has no such thing. */
  readonly find: (folder: string) => Promise<string | null>;
}

/** Path of a program that a shell would find, or null. */
export function findProgram(...names: readonly string[]): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const path of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** A program in the place of fpm: electron-builder starts one file, and this one is a script for Node. */
async function standInForFpm(folder: string): Promise<string | null> {
  if (findProgram('dpkg-deb') === null) return null;
  const path = join(folder, 'fpm');
  const script = fileURLToPath(new URL('make-deb.ts', import.meta.url));
  await writeFile(path, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
  await chmod(path, 0o755);
  return path;
}

/**
 * mksquashfs with another compression than electron-builder offers: the runtime that is compiled here unpacks LZ4, several times as fast
 * as zstd, and whoever starts an AppImage waits for it at every start. Fragments and the rest are as electron-builder asks.
 */
async function standInForMksquashfs(path: string, mksquashfs: string): Promise<void> {
  const script = `#!/bin/sh
skip=
for word do
  shift
  if [ -n "$skip" ]; then skip=
  elif [ "$word" = -comp ]; then skip=1
  else set -- "$@" "$word"
  fi
done
exec '${mksquashfs}' "$@" -comp lz4 -Xhc
`;
  await writeFile(path, script);
  await chmod(path, 0o755);
}

/** The folder electron-builder's `getAppImageTools` reads. */
async function gatherAppimageTools(folder: string): Promise<string | null> {
  const mksquashfs = findProgram('mksquashfs');
  const validate = findProgram('desktop-file-validate');
  if (mksquashfs === null || validate === null) return null;
  const tools = join(folder, 'appimage');
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
  await mkdir(join(tools, 'runtimes'), { recursive: true });
  // Libraries for programs that do not bring theirs; this one does.
  await mkdir(join(tools, 'lib', arch), { recursive: true });
  await symlink(validate, join(tools, 'desktop-file-validate'));
  const runtime = join(tools, 'runtimes', `runtime-${arch}`);
  const chosen = process.env['APPIMAGE_RUNTIME'];
  const pressing = join(tools, 'mksquashfs');
  if (chosen !== undefined && chosen !== '') {
    // The AppImage project's own is not built to unpack LZ4.
    await symlink(mksquashfs, pressing);
    await copyFile(chosen, runtime);
  } else {
    await standInForMksquashfs(pressing, mksquashfs);
    if (!(await buildAppimageRuntime(runtime))) return null;
  }
  return tools;
}

const tools: Readonly<Record<string, Tool>> = {
  'tar.gz': {
    variable: 'ELECTRON_BUILDER_7ZIP_PATH',
    packages: ['7zip'],
    find: () => Promise.resolve(findProgram('7zz', '7za', '7z')),
  },
  deb: { variable: 'CUSTOM_FPM_PATH', packages: ['dpkg'], find: standInForFpm },
  AppImage: {
    variable: 'APPIMAGE_TOOLS_PATH',
    packages: ['squashfs-tools', 'desktop-file-utils', ...runtimePackages],
    find: gatherAppimageTools,
  },
};

/** The formats of a Linux release. Each has its tools. */
export const linuxFormats: readonly string[] = Object.keys(tools);

/** Where electron-builder fetches its tools; a mirror may stand in for it. */
const toolsAddress = 'https://github.com/electron-userland/electron-builder-binaries/releases';

async function canDownload(): Promise<boolean> {
  if ((process.env['ELECTRON_BUILDER_BINARIES_MIRROR'] ?? '') !== '') return true;
  try {
    return (await fetch(toolsAddress, { method: 'HEAD', signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    // No way out of this machine.
    return false;
  }
}

/** A format that cannot be made here, and a sentence that says why and what would help. */
export interface MissingFormat {
  readonly format: string;
  readonly reason: string;
}

/**
 * Points electron-builder at the tools of this system, by its own variables. A format whose tools are not here is left to
 * electron-builder, which downloads them; where it cannot, the format is named in the result.
 *
 * @param formats of electron-builder, such as `tar.gz`; those that need no tools are passed over
 * @param folder for what is put together, made anew
 * @param downloads says whether electron-builder could fetch its own
 */
export async function useSystemTools(
  formats: readonly string[],
  folder: string,
  downloads: () => Promise<boolean> = canDownload,
): Promise<readonly MissingFormat[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const missing: MissingFormat[] = [];
  let reachable: boolean | null = null;
  for (const format of formats) {
    const tool = tools[format];
    if (tool === undefined || (process.env[tool.variable] ?? '') !== '') continue;
    const path = await tool.find(folder);
    if (path !== null) {
      process.env[tool.variable] = path;
      continue;
    }
    reachable ??= await downloads();
    if (reachable) continue;
    const reason = `${format} is not made: its tools are not installed and cannot be downloaded; "apt-get install ${tool.packages.join(' ')}" brings them.`;
    missing.push({ format, reason });
  }
  return missing;
}
