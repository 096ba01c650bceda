import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { judge } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';
import { makeSmallPictures } from './make-pictures.ts';

const many = 20_000;
const entry = resolve(import.meta.dirname, '../../main/shell/cli/dediffusion.ts');
const writeHeap = pathToFileURL(resolve(import.meta.dirname, 'write-heap.ts')).href;
const run = promisify(execFile);

interface Encoded {
  readonly results: number;
  /** Of the host alone; the engine is a process of its own. */
  readonly peakMb: number;
  /**
   * The least it held in the run's last quarter over the least in its second: the first warms up. The least is what is left after a collection;
   * the peak would tell how seldom one came.
   */
  readonly growth: number;
  readonly seconds: number;
}

/** The least of a stretch of a run, from and to as shares of it. */
function least(bytes: readonly number[], from: number, to: number): number {
  return Math.min(...bytes.slice(Math.floor(bytes.length * from), Math.ceil(bytes.length * to)));
}

/** Reads a folder by the command line into a file, and looks at the memory of its process. */
async function encodeFolder(pictures: string, home: string): Promise<Encoded> {
  const out = join(home, 'results.json');
  await mkdir(home, { recursive: true });
  const file = await open(out, 'w');
  const startedMs = performance.now();
  const heap = join(home, 'heap.txt');
  const child = spawn(process.execPath, ['--import', writeHeap, entry, 'encode', pictures, '--length', '15', '--json'], {
    env: { ...process.env, DEDIFFUSION_HOME: home, BENCH_HEAP_FILE: heap },
    stdio: ['ignore', file.fd, 'ignore'],
  });
  let peakKb = 0;
  const look = async (): Promise<void> => {
    // It may have ended by now.
    const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(child.pid)]).catch(() => ({ stdout: '' }));
    peakKb = Math.max(peakKb, Number(stdout.trim()) || 0);
  };
  const timer = setInterval(() => void look(), 100);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearInterval(timer);
  await file.close();
  if (code !== 0) throw new Error(`The command line ended with ${code}.`);
  const seconds = (performance.now() - startedMs) / 1000;
  const held = (await readFile(heap, 'utf8')).trim().split('\n').map(Number);
  const growth = least(held, 0.75, 1) / least(held, 0.25, 0.5);
  return { results: await countResults(out), peakMb: peakKb / 1024, growth, seconds };
}

/** One result a line: see result-list.ts. */
async function countResults(path: string): Promise<number> {
  let count = 0;
  for await (const line of createInterface(createReadStream(path))) if (line.includes('"image":')) count += 1;
  return count;
}

/** Very many pictures by the command line: every result is there, and the host needs no more memory for late ones than for early ones. */
export async function measureMany(folder: string): Promise<BenchRow[]> {
  const pictures = join(folder, 'many');
  await makeSmallPictures(pictures, many);
  const encoded = await encodeFolder(pictures, join(folder, 'home-many'));
  return [
    judge({ name: `encode of ${many} small pictures, peak memory of the host`, unit: 'MB', atMost: 600 }, encoded.peakMb),
    judge({ name: 'what it holds in its last quarter over its second', unit: '×', atMost: 1.1 }, encoded.growth),
    judge({ name: `results of ${many} pictures`, unit: 'texts', atLeast: many }, encoded.results),
    judge({ name: `encode of ${many} small pictures`, unit: 'pictures/s', atLeast: 10 }, many / encoded.seconds),
  ];
}
