import { readFile } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import type { PackSummary } from '../../contract/models/pack.ts';
import { readRecord, writeRecord } from '../../contract/record.ts';
import type { RecordKind } from '../../contract/record.ts';
import { deviceNameSchema } from '../../contract/studio-info.ts';
import type { DeviceName } from '../../contract/studio-info.ts';
import { stampFiles } from '../files/stamp-files.ts';
import { SerialQueue } from '../running/serial-queue.ts';
import { writeFileDurably } from '../storage/write-file-durably.ts';
import { listGraphFiles } from '../tensor/measure-graph.ts';

export interface CrashingGraphsOptions {
  readonly file: string;
  /** False for a studio that leaves no trace: what it finds out lasts as long as it does. */
  readonly remember: boolean;
  readonly log: (message: string) => void;
}

const graphSchema = z.object({
  /** Absolute path of the graph. */
  path: z.string().max(8192),
  device: deviceNameSchema,
  /** Of its files: another file at this path is another graph. */
  stamp: z.string().max(1_000_000),
});
type CrashingGraph = z.infer<typeof graphSchema>;
const listSchema = z.object({ graphs: z.array(graphSchema).max(10_000) });

const crashingGraphsRecord: RecordKind<z.infer<typeof listSchema>> = {
  name: 'list of graphs that crash',
  version: 1,
  schema: listSchema,
  steps: [],
};

/**
 * Graphs that ended the engine, by the device that they ran on: they are not run there again until somebody verifies their pack, or other files
 * lie in their place. The file is read each time, because another studio on this machine may have written it; a damaged one is made anew.
 */
export class CrashingGraphs {
  readonly #options: CrashingGraphsOptions;
  readonly #turns = new SerialQueue();
  /** Found out and not to be written. */
  #own: readonly CrashingGraph[] = [];

  constructor(options: CrashingGraphsOptions) {
    this.#options = options;
  }

  /** Remembers a graph. Never rejects: where the disk does not take it, it is remembered by this process. */
  add(path: string, device: DeviceName): Promise<void> {
    return this.#turns.run(async () => {
      const graph = { path, device, stamp: await stampGraph(path) };
      const isKnown = (await this.#known()).some((one) => one.path === path && one.device === device);
      if (isKnown) return;
      if (!this.#options.remember || !(await this.#keep(graph))) this.#own = [...this.#own, graph];
    });
  }

  /** Paths of the graphs that are not to be run on a device. */
  on(device: DeviceName): Promise<readonly string[]> {
    return this.#turns.run(async () => (await this.#known()).filter((graph) => graph.device === device).map(({ path }) => path));
  }

  /** Those of a pack, by their path within it. */
  async of(folder: string): Promise<PackSummary['crashed']> {
    const known = await this.#turns.run(() => this.#known());
    return known.flatMap(({ path, device }) => {
      const graph = pathWithin(folder, path);
      return graph === null ? [] : [{ graph, device }];
    });
  }

  /** Those of a pack are tried again. @throws StudioError disk-full or file-unwritable */
  clear(folder: string): Promise<void> {
    return this.#turns.run(async () => {
      const isElsewhere = ({ path }: CrashingGraph): boolean => pathWithin(folder, path) === null;
      this.#own = this.#own.filter(isElsewhere);
      const before = await this.#read();
      const after = before.filter(isElsewhere);
      if (after.length < before.length) await this.#write(after);
    });
  }

  async #known(): Promise<readonly CrashingGraph[]> {
    const all = [...(await this.#read()), ...this.#own];
    const stamps = await Promise.all(all.map(({ path }) => stampGraph(path)));
    return all.filter(({ stamp }, index) => stamp === stamps[index]);
  }

  /** False where the disk does not take it, or a later studio's list lies there. */
  async #keep(graph: CrashingGraph): Promise<boolean> {
    try {
      await this.#write([...(await this.#parse()), graph]);
      return true;
    } catch (cause) {
      this.#options.log(`A graph that crashes is remembered only until the studio is closed: ${String(cause)}`);
      return false;
    }
  }

  /** A later studio's list is left as it is, and this one goes without. */
  async #read(): Promise<readonly CrashingGraph[]> {
    try {
      return await this.#parse();
    } catch (cause) {
      if (cause instanceof StudioError) return [];
      throw cause;
    }
  }

  /** @throws StudioError record-newer */
  async #parse(): Promise<readonly CrashingGraph[]> {
    const text = await readFile(this.#options.file, 'utf8').catch(() => null);
    if (text === null) return [];
    try {
      return readRecord(crashingGraphsRecord, JSON.parse(text)).graphs;
    } catch (cause) {
      if (cause instanceof StudioError) throw cause;
      this.#options.log('The list of graphs that crash could not be read and is begun anew.');
      return [];
    }
  }

  async #write(graphs: readonly CrashingGraph[]): Promise<void> {
    const json = JSON.stringify(writeRecord(crashingGraphsRecord, { graphs: [...graphs] }), null, 2);
    await writeFileDurably(this.#options.file, Buffer.from(`${json}\n`));
  }
}

async function stampGraph(path: string): Promise<string> {
  return stampFiles(await listGraphFiles(path));
}

function pathWithin(folder: string, path: string): string | null {
  const inner = relative(folder, path);
  return inner === '' || inner.startsWith('..') || isAbsolute(inner) ? null : inner.split(sep).join('/');
}
