import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { stampFiles } from '../storage/stamp-files.ts';
import type { OpenSession, Session } from '../tensor/session.ts';

export interface SessionCacheOptions {
  /** Really opens a graph. */
  readonly openSession: OpenSession;
  readonly memoryBudgetBytes: number;
  /** Resident memory of the process now. */
  readonly readMemoryBytes: () => number;
  readonly onChange: () => void;
}

interface Loaded {
  readonly session: Session;
  readonly bytes: number;
  running: number;
}

/** ONNX Runtime keeps a graph's weights, and some a second time, laid out for the processor. */
const memoryPerFileByte = 1.3;

/**
 * Keeps graphs loaded while the budget lasts. What it opens is a handle that loads its graph when run and again
 * after the graph had to go, so that pipelines hold handles for ever and never see an unload. The least recently
 * used graph goes first; one that is running stays.
 */
export class SessionCache {
  readonly #options: SessionCacheOptions;
  readonly #baselineBytes: number;
  #memoryBudgetBytes: number;
  /** In order of use, the newest last. */
  readonly #loaded = new Map<string, Loaded>();
  readonly #loading = new Map<string, Promise<Loaded>>();
  /** By path; a graph whose files have changed is another one. */
  readonly #handles = new Map<string, { readonly stamp: string; readonly session: Session }>();

  constructor(options: SessionCacheOptions) {
    this.#options = options;
    this.#memoryBudgetBytes = options.memoryBudgetBytes;
    this.#baselineBytes = options.readMemoryBytes();
  }

  /** @throws StudioError pack-file-missing, pack-invalid, device-unavailable, memory-exceeded */
  readonly open: OpenSession = async (path) => {
    const stamp = await stampFiles(await modelFiles(path));
    const known = this.#handles.get(path);
    if (known?.stamp === stamp) return known.session;
    if (known) await this.#unload(path);
    const { inputs, outputs } = (await this.#load(path)).session;
    const handle: Session = {
      path,
      inputs,
      outputs,
      run: (feeds) => this.#run(path, feeds),
      release: () => this.#unload(path),
    };
    this.#handles.set(path, { stamp, session: handle });
    return handle;
  };

  /** Paths of the graphs in memory, the least recently used first. */
  get loadedPaths(): readonly string[] {
    return [...this.#loaded.keys()];
  }

  /** Unloads what no longer fits, except what is running. */
  async setMemoryBudget(bytes: number): Promise<void> {
    this.#memoryBudgetBytes = bytes;
    await this.#unloadUntilFree(0);
  }

  async unloadAll(): Promise<void> {
    for (const path of this.loadedPaths) await this.#unload(path);
  }

  async #run(path: string, feeds: Parameters<Session['run']>[0]): ReturnType<Session['run']> {
    const loaded = await this.#load(path);
    loaded.running += 1;
    try {
      return await loaded.session.run(feeds);
    } finally {
      loaded.running -= 1;
    }
  }

  async #load(path: string): Promise<Loaded> {
    const loaded = this.#loaded.get(path);
    if (loaded) {
      this.#loaded.delete(path);
      this.#loaded.set(path, loaded);
      return loaded;
    }
    const pending = this.#loading.get(path) ?? this.#read(path).finally(() => this.#loading.delete(path));
    this.#loading.set(path, pending);
    return pending;
  }

  async #read(path: string): Promise<Loaded> {
    const bytes = (await modelBytes(path)) * memoryPerFileByte;
    await this.#makeRoom(path, bytes);
    const loaded: Loaded = { session: await this.#options.openSession(path), bytes, running: 0 };
    this.#loaded.set(path, loaded);
    this.#options.onChange();
    return loaded;
  }

  async #makeRoom(path: string, bytes: number): Promise<void> {
    const [required, budget] = [this.#baselineBytes + bytes, this.#memoryBudgetBytes];
    if (required > budget) throw tooLarge(path, required, budget);
    await this.#unloadUntilFree(bytes);
  }

  async #unloadUntilFree(bytes: number): Promise<void> {
    const { readMemoryBytes } = this.#options;
    const inUse = (): number => {
      const kept = [...this.#loaded.values()].reduce((sum, loaded) => sum + loaded.bytes, this.#baselineBytes);
      return Math.max(kept, readMemoryBytes());
    };
    while (inUse() + bytes > this.#memoryBudgetBytes) {
      const oldest = [...this.#loaded].find(([, loaded]) => loaded.running === 0);
      if (!oldest) return;
      await this.#unload(oldest[0]);
    }
  }

  async #unload(path: string): Promise<void> {
    const loaded = this.#loaded.get(path);
    if (!loaded) return;
    this.#loaded.delete(path);
    await loaded.session.release();
    this.#options.onChange();
  }
}

/** A graph and its external data: `model.onnx`, `model.onnx_data`, `model.onnx_data_1` …, and the older `weights.pb`. */
async function modelFiles(path: string): Promise<string[]> {
  const name = basename(path);
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  const parts = names.filter((other) => other === name || other.startsWith(`${name}_data`) || other === 'weights.pb');
  return parts.map((part) => join(folder, part));
}

async function modelBytes(path: string): Promise<number> {
  const sizes = await Promise.all((await modelFiles(path)).map(async (part) => (await stat(part)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function tooLarge(path: string, requiredBytes: number, memoryBudgetBytes: number): StudioError {
  const [required, budget] = [requiredBytes, memoryBudgetBytes].map((bytes) => Math.ceil(bytes / 1048576));
  return new StudioError(
    'memory-exceeded',
    `${basename(path)} needs about ${required} MB of memory and the studio may use ${budget} MB.`,
    `Choose a smaller pack, or raise the studio's memory budget above ${required} MB.`,
    { requiredBytes: Math.ceil(requiredBytes), memoryBudgetBytes },
  );
}
