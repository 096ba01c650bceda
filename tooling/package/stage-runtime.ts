import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { findMissingLicences, mustShip } from './find-licences.ts';
import { listProductionPackages } from './list-production-packages.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface StageOptions {
  /** Made anew. */
  readonly folder: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  dependencies: z.record(z.string(), z.string()),
});

/**
 * Where native code of a system lies in the packages that carry all systems': a path each below the root, folders with a slash.
 *
 * @throws Error where a package has none for that system: such a program would start and read nothing
 */
export function listNativeCode(platform: NodeJS.Platform, arch: string): readonly string[] {
  const places = [
    `node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}/`,
    `node_modules/better-sqlite3/prebuilds/${platform}-${arch}.node`,
  ];
  const absent = places.find((place) => !existsSync(join(root, place)));
  if (absent !== undefined) throw new Error(`${absent.split('/')[1] ?? absent} has no code for ${platform} ${arch}.`);
  return places;
}

/** Keeps the one place per package where that system's native code lies. All other systems' code is left behind. */
function nativeFilter(platform: NodeJS.Platform, arch: string): (path: string) => boolean {
  const kept = listNativeCode(platform, arch);
  const native = [/^node_modules\/onnxruntime-node\/bin\/.+/, /^node_modules\/better-sqlite3\/prebuilds\/.+/];
  return (path) =>
    !native.some((pattern) => pattern.test(path)) ||
    kept.some((place) => place.startsWith(`${path}/`) || path.startsWith(place) || path === place);
}

/** What packages carry for those who build or read them. Licences stay: they must. */
const notNeeded = [
  /\.(map|md|markdown|d\.ts|d\.mts|d\.cts|flow|gyp)$/,
  /^node_modules\/better-sqlite3\/(deps|src)$/,
  /^node_modules\/onnxruntime-node\/script$/,
  // Node loads the one file of `exports.node.import`; the others are for browsers, for require, or smaller copies.
  /^node_modules\/@huggingface\/transformers\/(src|types|dist\/(?!transformers\.node\.mjs$).+)$/,
  /\/(test|tests|benchmarks|docs|examples)$/,
  /\/\.(github|vscode|idea)$/,
];

async function copyPackages({ folder, platform, arch }: StageOptions): Promise<void> {
  const keepsNative = nativeFilter(platform, arch);
  for (const { folder: name, optional } of await listProductionPackages(root, platform, arch)) {
    const source = join(root, name);
    if (!existsSync(source)) {
      if (optional && !name.startsWith('node_modules/@img/')) continue;
      throw new Error(
        `${name} is not installed: pack on ${platform} ${arch}, or install with "npm ci --os=${platform} --cpu=${arch}" first.`,
      );
    }
    await cp(source, join(folder, name), {
      recursive: true,
      filter: (path) => {
        const inside = relative(root, path).split(sep).join('/');
        const nested = inside !== name && basename(path) === 'node_modules';
        if (nested || !keepsNative(inside)) return false;
        return mustShip(inside) || !notNeeded.some((pattern) => pattern.test(inside));
      },
    });
    for (const text of findMissingLicences(root, name)) await copyFile(text, join(folder, name, `LICENSE-${basename(text)}`));
  }
}

/** The command line, which is not run from here, and tests. */
const leftOut = ['main/shell/cli', 'models/convert/tests'];

async function copySources(folder: string): Promise<void> {
  for (const name of ['contract', 'main', 'preload/channels.ts', 'dist/renderer', 'models/packs', 'models/convert', 'LICENSE']) {
    const target = join(folder, name);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(root, name), target, {
      recursive: true,
      filter: (path) => basename(path) !== '__pycache__' && !leftOut.includes(relative(root, path).split(sep).join('/')),
    });
  }
}

function findNode(platform: NodeJS.Platform, arch: string): string {
  const file = platform === 'win32' ? 'node.exe' : 'node';
  const pinned = join(root, 'node_modules', `node-${platform === 'win32' ? 'win' : platform}-${arch}`, 'bin', file);
  if (existsSync(pinned)) return pinned;
  if (platform === process.platform && arch === process.arch) return process.execPath;
  throw new Error(`There is no Node for ${platform} ${arch} here: pack on that system.`);
}

async function copyNode({ folder, platform, arch }: StageOptions): Promise<void> {
  const source = findNode(platform, arch);
  const target = join(folder, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  await mkdir(dirname(target), { recursive: true });
  await copyFile(source, target);
  await chmod(target, 0o755);
  const licence = join(dirname(source), '..', 'LICENSE');
  if (existsSync(licence)) await copyFile(licence, join(folder, 'bin', 'LICENSE'));
}

/**
 * Puts together what ships beside the desktop program: the plain Node that runs the host, the core, the page, the embedded pack,
 * and the packages the core needs on that system. It lies outside the program's archive, because plain Node cannot read one.
 */
export async function stageRuntime(options: StageOptions): Promise<void> {
  const { folder } = options;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { dependencies, ...manifest } = manifestSchema.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  await writeFile(
    join(folder, 'package.json'),
    `${JSON.stringify({ ...manifest, private: true, type: 'module', dependencies }, null, 2)}\n`,
  );
  await copyNode(options);
  await copySources(folder);
  await copyPackages(options);
}
