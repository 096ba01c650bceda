import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBenchPack } from './bench-pack.ts';
import type { BenchRow } from './bench-row.ts';
import { compareEncode } from './compare-encode.ts';
import { makePictures } from './make-pictures.ts';
import { measureBlend } from './measure-blend.ts';
import { measureCluster } from './measure-cluster.ts';
import { measureDesktop } from './measure-desktop.ts';
import { measureEdit } from './measure-edit.ts';
import { measureHost } from './measure-host.ts';
import { measureMany } from './measure-many.ts';
import { measureOverhead } from './measure-overhead.ts';
import { measurePage } from './measure-page.ts';
import { measureReaders } from './measure-readers.ts';
import { measureRedrawnBlends } from './measure-redrawn-blends.ts';
import { measureRefinedBlends } from './measure-refined-blends.ts';
import { measureStart } from './measure-start.ts';
import { measureTransfer } from './measure-transfer.ts';
import { measurePeers } from './peers/measure-peers.ts';

/**
 * `npm run bench [-- --json] [-- --only overhead,encode,host,edit,readers,blend,start,desktop,page]`. Every figure of the speed table in docs/speed.md, measured in one
 * run on the CPU with the embedded pack. `--only many` reads 20,000 pictures by the command line, `--only cluster` 10,000 on servers,
 * `--only redrawn` draws thirty blends and reads them again, `--only refined` refines twelve first and nine of held-out scenes, `--only transfer` has 64 prompts drawn by four servers,
 * and `--only peers` sets ours against diffusers, Optimum and transformers.js, which needs Python; each takes minutes. Exit code 1 when a bar does not hold.
 */
const groups = ['overhead', 'encode', 'host', 'edit', 'readers', 'blend', 'start', 'desktop', 'page'];
/** Measured only when asked for. */
const longGroups = ['many', 'cluster', 'redrawn', 'refined', 'transfer', 'peers'];

async function measure(wanted: ReadonlySet<string>): Promise<BenchRow[]> {
  const pack = await openBenchPack();
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const pictures = await makePictures(pack.samples, folder, 200);
    return [
      ...(wanted.has('overhead') ? await measureOverhead(pack, pictures) : []),
      ...(wanted.has('encode') ? [await compareEncode(pack, pictures, folder)] : []),
      ...(wanted.has('host') ? await measureHost(pack.samples) : []),
      ...(wanted.has('edit') ? await measureEdit(pack.samples) : []),
      ...(wanted.has('readers') ? await measureReaders(pack) : []),
      ...(wanted.has('blend') ? await measureBlend(pack) : []),
      ...(wanted.has('start') ? [await measureStart()] : []),
      ...(wanted.has('desktop') ? await measureDesktop() : []),
      ...(wanted.has('page') ? await measurePage(folder) : []),
      ...(wanted.has('redrawn') ? await measureRedrawnBlends(pack) : []),
      ...(wanted.has('refined') ? await measureRefinedBlends(pack) : []),
      ...(wanted.has('many') ? await measureMany(folder) : []),
      ...(wanted.has('cluster') ? await measureCluster(pack, folder) : []),
      ...(wanted.has('peers') ? await measurePeers(pictures) : []),
      ...(wanted.has('transfer') ? [await measureTransfer(folder)] : []),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function print(rows: readonly BenchRow[]): void {
  const width = Math.max(...rows.map((row) => row.name.length));
  for (const row of rows) {
    const value = `${row.value} ${row.unit}`.padEnd(22);
    console.log(`${row.holds ? 'holds ' : 'FAILS '} ${row.name.padEnd(width)}  ${value} ${row.bar}`);
  }
}

const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' } } });
const wanted = new Set<string>(values.only?.split(',') ?? groups);
for (const name of wanted) {
  const known = [...groups, ...longGroups];
  if (!known.includes(name)) throw new Error(`No rows are named ${name}; there are ${known.join(', ')}.`);
}
const rows = await measure(wanted);
if (values.json) console.log(JSON.stringify({ rows }, null, 2));
else print(rows);
if (rows.some((row) => !row.holds)) process.exitCode = 1;
