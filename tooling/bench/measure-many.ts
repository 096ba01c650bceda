import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { judge } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';

const few = 2_000;
const many = 20_000;
const side = 64;
const entry = resolve(import.meta.dirname, '../../main/shell/cli/dediffusion.ts');
const run = promisify(execFile);

/** Small pictures, no two alike: a tint and a bar whose place is the number. */
async function makeSmallPictures(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const pixels = Buffer.alloc(side * side * 3);
  for (let number = 0; number < count; number += 1) {
    for (let at = 0; at < side * side; at += 1) {
      const inBar = Math.floor(at / side) >= number % side && at % side < 8 + (number % 40);
      pixels.set([(number * 7) % 256, inBar ? 220 : 40, (number >> 6) % 256], at * 3);
    }
    const path = join(folder, `${String(number).padStart(5, '0')}.png`);
    await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
      .png({ compressionLevel: 1 })
      .toFile(path);
  }
}

interface Encoded {
  readonly results: number;
  /** Of the host alone; the engine is a process of its own. */
  readonly peakMb: number;
  readonly seconds: number;
}

/** Reads a folder by the command line into a file, and looks at the memory of its process ten times a second. */
async function encodeFolder(pictures: string, home: string): Promise<Encoded> {
  const out = join(home, 'results.json');
  await mkdir(home, { recursive: true });
  const file = await open(out, 'w');
  const startedMs = performance.now();
  const child = spawn(process.execPath, [entry, 'encode', pictures, '--length', '15', '--json'], {
    env: { ...process.env, DEDIFFUSION_HOME: home },
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
  return { results: await countResults(out), peakMb: peakKb / 1024, seconds: (performance.now() - startedMs) / 1000 };
}

/** One result a line: see result-list.ts. */
async function countResults(path: string): Promise<number> {
  let count = 0;
  for await (const line of createInterface(createReadStream(path))) if (line.includes('"image":')) count += 1;
  return count;
}

/** Very many pictures by the command line: every result is there, and the host needs no more memory for ten times as many. */
export async function measureMany(folder: string): Promise<BenchRow[]> {
  const pictures = join(folder, 'many');
  await makeSmallPictures(join(pictures, 'few'), few);
  const first = await encodeFolder(join(pictures, 'few'), join(folder, 'home-few'));
  await makeSmallPictures(join(pictures, 'all'), many);
  const second = await encodeFolder(join(pictures, 'all'), join(folder, 'home-all'));
  return [
    judge({ name: `encode of ${few} small pictures, peak memory of the host`, unit: 'MB', atMost: 600 }, first.peakMb),
    judge({ name: `encode of ${many} small pictures, peak memory of the host`, unit: 'MB', atMost: 600 }, second.peakMb),
    judge({ name: `peak memory at ${many} over that at ${few}`, unit: '×', atMost: 1.25 }, second.peakMb / first.peakMb),
    judge({ name: `results of ${many} pictures`, unit: 'texts', atLeast: many }, second.results),
    judge({ name: `encode of ${many} small pictures`, unit: 'pictures/s', atLeast: 10 }, many / second.seconds),
  ];
}
