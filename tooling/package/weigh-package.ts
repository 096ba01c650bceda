import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** The most a package may weigh, in 10^6 bytes: it is what a person downloads before the first picture. */
export const packageLimitMegabytes = 260;

/** What a program's folder is made of: the first part whose place fits a file takes it. */
const parts: readonly { readonly name: string; readonly place: RegExp }[] = [
  { name: 'Node.js', place: /^resources\/studio\/bin\// },
  { name: 'the embedded pack', place: /^resources\/studio\/models\// },
  { name: 'ONNX Runtime', place: /^resources\/studio\/node_modules\/onnxruntime-/ },
  { name: 'sharp and libvips', place: /^resources\/studio\/node_modules\/(sharp|@img)\// },
  { name: 'SQLite', place: /^resources\/studio\/node_modules\/better-sqlite3\// },
  { name: 'other packages', place: /^resources\/studio\/node_modules\// },
  { name: 'the page', place: /^resources\/studio\/dist\// },
  { name: 'the core', place: /^resources\/(studio\/|app\.asar)/ },
  { name: 'Electron: languages', place: /^locales\// },
  { name: 'Electron', place: /(?:)/ },
];

export interface Weight {
  readonly name: string;
  readonly bytes: number;
}

/** What weighs what in an unpacked program, heaviest first. */
export async function weighFolder(folder: string): Promise<readonly Weight[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const weights = new Map<string, number>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const inside = relative(folder, path).split(sep).join('/');
    const name = parts.find(({ place }) => place.test(inside))?.name ?? inside;
    weights.set(name, (weights.get(name) ?? 0) + (await stat(path)).size);
  }
  return [...weights].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes);
}

/** The packages in a folder, heaviest first. */
export async function weighPackages(folder: string): Promise<readonly Weight[]> {
  const names = (await readdir(folder)).filter((name) => /\.(AppImage|deb|tar\.gz|exe|dmg|zip)$/.test(name));
  const weights = await Promise.all(names.map(async (name) => ({ name, bytes: (await stat(join(folder, name))).size })));
  return weights.sort((a, b) => b.bytes - a.bytes);
}

/** Lines of a table: name and megabytes, and their sum where they are parts of one whole. */
export function composeWeights(title: string, weights: readonly Weight[], withSum: boolean): string {
  const sum = { name: 'together', bytes: weights.reduce((total, { bytes }) => total + bytes, 0) };
  const rows = withSum ? [...weights, sum] : weights;
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, bytes }) => `  ${name.padEnd(width)}  ${(bytes / 1e6).toFixed(1).padStart(7)} MB`);
  return [title, ...lines].join('\n');
}

/** @throws Error that names every package over the limit */
export function checkWeights(packages: readonly Weight[]): void {
  const heavy = packages.filter(({ bytes }) => bytes > packageLimitMegabytes * 1e6);
  if (heavy.length === 0) return;
  const names = heavy.map(({ name, bytes }) => `${name} (${(bytes / 1e6).toFixed(1)} MB)`).join(', ');
  throw new Error(`Heavier than ${String(packageLimitMegabytes)} MB: ${names}. The table above says what weighs what.`);
}
