import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createEngineClient } from '../../main/engine/create-engine-client.ts';
import type { EngineClient } from '../../main/engine/engine-client.ts';
import { KserveServer } from '../../test/helpers/kserve-server.ts';
import { openCluster, readServedPack } from '../../test/helpers/open-cluster.ts';
import type { BenchPack } from './bench-pack.ts';
import { judge } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';
import { encodeAll, encodeRequest } from './engine-requests.ts';
import { makeSmallPictures } from './make-pictures.ts';
import { takeStep, tellStep } from './tell-step.ts';

const run = promisify(execFile);
const few = 10;
const some = 640;
const many = 10_000;
/**
 * What a run takes on a server, in milliseconds: served, not computed. Servers that compute would share this machine's cores with the studio
 * and with each other, and the row would measure the machine.
 */
const servedMs = 200;

/** Two servers of one run at a time, asked one alone or both. */
async function withServers<T>(count: number, measure: (engine: EngineClient) => Promise<T>): Promise<T> {
  const { graphs } = await readServedPack();
  const options = { graphs, binary: true, delayMs: servedMs, runsAtOnce: 1, repeats: true };
  const servers = await Promise.all(Array.from({ length: count }, () => new KserveServer(options).start()));
  const cluster = await openCluster(servers.map(({ address }) => address));
  const engine = createEngineClient({ device: 'remote:cluster', deviceReason: 'the benchmark', elsewhere: cluster.runner });
  try {
    return await measure(engine);
  } finally {
    await engine.close();
    await Promise.all([...servers.map((server) => server.stop()), cluster.close()]);
  }
}

const repeat = (pictures: readonly string[], count: number): string[] =>
  Array.from({ length: count }, (_, index) => pictures[index % pictures.length] ?? '');

/** Longest time a run of so many may take on a quiet machine many times over, in milliseconds: a minute, and a tenth of a second a picture. */
const mostMsOf = (count: number): number => 60_000 + 100 * count;
const tellEvery = 1_000;

/** Pictures a second. */
async function speedOf(engine: EngineClient, pack: BenchPack, pictures: readonly string[], count: number): Promise<number> {
  return takeStep(`encode of ${count} pictures`, mostMsOf(count), async () => {
    const startedMs = performance.now();
    await encodeAll(engine, encodeRequest(pack, repeat(pictures, count), [15]), (encoded) => {
      if (encoded % tellEvery === 0) tellStep(`  ${encoded} of ${count}`);
    });
    return (count * 1000) / (performance.now() - startedMs);
  });
}

/** The least the engine and this process held in a run's last quarter over the least in its second; the first warms up. */
async function growthOf(engine: EngineClient, work: () => Promise<void>): Promise<number> {
  const held: number[] = [];
  const look = async (): Promise<void> => {
    const { stdout } = await run('ps', ['-o', 'rss=', '-p', `${engine.processId() ?? 0},${process.pid}`]).catch(() => ({
      stdout: '',
    }));
    held.push(stdout.split('\n').reduce((sum, line) => sum + (Number(line.trim()) || 0), 0));
  };
  const timer = setInterval(() => void look(), 250);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  const least = (from: number, to: number): number =>
    Math.min(...held.slice(Math.floor(held.length * from), Math.ceil(held.length * to)));
  return least(0.75, 1) / least(0.25, 0.5);
}

/** Models on servers: how two of them scale, and whether many pictures are as fast as few. The pictures are small, so that servers are what it waits for. */
export async function measureCluster(pack: BenchPack, folder: string): Promise<BenchRow[]> {
  const pictures = await makeSmallPictures(join(folder, 'cluster'), 200);
  tellStep('one server');
  const one = await withServers(1, async (engine) => {
    await speedOf(engine, pack, pictures, 64);
    return speedOf(engine, pack, pictures, some);
  });
  tellStep('two servers');
  const two = await withServers(2, async (engine) => {
    await speedOf(engine, pack, pictures, 64);
    const speeds = {
      few: await speedOf(engine, pack, pictures, few),
      some: await speedOf(engine, pack, pictures, some),
      many: 0,
    };
    const growth = await growthOf(engine, async () => {
      speeds.many = await speedOf(engine, pack, pictures, many);
    });
    return { ...speeds, growth };
  });
  const served = `${servedMs} ms served a run`;
  return [
    judge({ name: `encode of ${some} pictures by two servers over one, ${served}`, unit: '×', atLeast: 1.8 }, two.some / one),
    judge(
      { name: `encode of ${many} pictures by two servers over ${some}, pictures a second`, unit: '×', atLeast: 0.9 },
      two.many / two.some,
    ),
    judge(
      { name: `encode of ${many} pictures by two servers over ${few}, pictures a second`, unit: '×', atLeast: 0.9 },
      two.many / two.few,
    ),
    judge({ name: 'what host and engine hold in the last quarter of it over the second', unit: '×', atMost: 1.1 }, two.growth),
  ];
}
