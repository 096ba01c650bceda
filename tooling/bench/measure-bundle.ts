import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { judge } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';

const folder = resolve(import.meta.dirname, '../../dist/renderer');

/** Every script and style sheet of the page, also those of screens that are loaded later, each compressed by gzip; kilobytes of 1,000. */
export async function measureBundle(): Promise<BenchRow> {
  const names = await readdir(folder, { recursive: true });
  let bytes = 0;
  for (const name of names.filter((one) => /\.(js|css)$/.test(one))) {
    bytes += gzipSync(await readFile(join(folder, name)), { level: 9 }).length;
  }
  return judge({ name: 'scripts and styles of the page, gzip', unit: 'kB', atMost: 600 }, bytes / 1000);
}
