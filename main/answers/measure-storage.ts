import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoragePart, StorageReport } from '../../contract/settings.ts';

type PartName = StoragePart['name'];

const FOLDERS: Readonly<Record<string, PartName>> = {
  images: 'pictures',
  readings: 'items',
  items: 'items',
  packs: 'packs',
  logs: 'logs',
  cache: 'cache',
  thumbnails: 'cache',
  shown: 'cache',
};

function partOf(top: string): PartName {
  if (/\.sqlite(-wal|-shm)?$/.test(top)) return 'index';
  return FOLDERS[top] ?? 'other';
}

/** Adds up what lies in the data folder. A file that goes away meanwhile counts as none; links are not followed. */
export async function measureStorage(dataFolder: string): Promise<StorageReport> {
  const sums = new Map<PartName, { bytes: number; files: number }>();
  const entries = await readdir(dataFolder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  await mapInTurns(files, 32, async (path) => {
    const facts = await stat(path).catch(() => null);
    if (facts === null) return;
    const part = partOf(path.slice(dataFolder.length + 1).split(/[\\/]/)[0] ?? '');
    const sum = sums.get(part) ?? { bytes: 0, files: 0 };
    sums.set(part, { bytes: sum.bytes + facts.size, files: sum.files + 1 });
  });
  const parts = [...sums].map(([name, sum]) => ({ name, ...sum })).sort((a, b) => b.bytes - a.bytes);
  return { parts, bytes: parts.reduce((total, part) => total + part.bytes, 0) };
}

/** Works through a list with at most `width` items under way at once. Rejects with the first failure. */
async function mapInTurns<Item>(items: readonly Item[], width: number, work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}
