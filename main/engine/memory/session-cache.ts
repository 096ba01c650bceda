import { basename } from 'node:path';
import { StudioError } from '../../../contract/errors.ts';
import { stampFiles } from '../../files/stamp-files.ts';
import { listGraphFiles } from '../../tensor/measure-graph.ts';
import type { OpenSession, Session } from '../../tensor/session.ts';

export interface SessionCacheOptions {
  /** Really opens a graph. */
  readonly openSession: OpenSession;
  /** Bytes a graph takes of this machine, before what the runtime adds; 0 for one that runs elsewhere. */
  readonly measure: (path: string) => Promise<number>;
  readonly memoryBudgetBytes: number;
  /** Resident memory of the process; read once, before any graph is loaded. */
  readonly readMemoryBytes: () => number;
  readonly onChange: () => void;
}

/** ONNX Runtime keeps a graph's weights, and some a second time, laid out for the processor. */
export const memoryPerFileByte = 1.3;

/**
 * Keeps graphs loaded while the budget lasts. What it opens is a handle that loads its graph when run and again
 * after the graph had to go, so that pipelines hold handles for ever and never see an unload. The least recently
 * used graph goes first; one that is running stays.
 *
 * The budget counts what the graphs are estimated to take, not the process's resident memory: an allocator gives
 * little back at once, so that a loop over resident memory would unload everything and gain nothing.
 */
export class SessionCache {
  readonly #options: SessionCacheOptions;
  /** Resident memory of the process without any graph. */
  readonly baselineBytes: number;
  #memoryBudgetBytes: number;
  /** In order of use, the newest last. */
  readonly #loaded = new Map<string, Session>();
  readonly #loading = new Map<string, Promise<Session>>();
  /** By path; a graph whose files have changed is another one. */
  readonly #handles = new Map<string, { readonly files: readonly string[]; readonly stamp: string; readonly session: Session }>();
  /** What is loaded and what is being loaded, by path: estimated bytes. */
  readonly #estimates = new Map<string, number>();
  /** Runs that are under way, from before their graph is loaded. */
  readonly #running = new Map<string, number>();

  constructor(options: SessionCacheOptions) {
    this.#options = options;
    this.#memoryBudgetBytes = options.memoryBudgetBytes;
    this.baselineBytes = options.readMemoryBytes();
  }

  /** @throws StudioError pack-file-missing, pack-invalid, device-unavailable, memory-exceeded */
  readonly open: OpenSession = async (path) => {
    const known = this.#handles.get(path);
    // A graph is read for the names of its files only when it is new: this is asked before every call.
    if (known?.stamp === (await stampFiles(known?.files ?? []))) return known.session;
    const files = await listGraphFiles(path);
    const stamp = await stampFiles(files);
    if (known) await this.#unload(path);
    const session = await this.#load(path);
    const handle: Session = { ...session, run: (feeds) => this.#run(path, feeds), release: () => this.#unload(path) };
    this.#handles.set(path, { files, stamp, session: handle });
    return handle;
  };

  get memoryBudgetBytes(): number {
    return this.#memoryBudgetBytes;
  }

  /** Bytes of this machine's memory that a graph is estimated to take; 0 for one that runs elsewhere. */
  async weigh(path: string): Promise<number> {
    return (await this.#options.measure(path)) * memoryPerFileByte;
  }

  /** Paths of the graphs in memory, the least recently used first. */
  get loadedPaths(): readonly string[] {
    return [...this.#loaded.keys()];
  }

  /** Unloads what no longer fits, except what is running. */
  async setMemoryBudget(bytes: number): Promise<void> {
    this.#memoryBudgetBytes = bytes;
    await this.#unloadUntilFits();
  }

  async unloadAll(): Promise<void> {
    for (const path of this.loadedPaths) await this.#unload(path);
  }

  async #run(path: string, feeds: Parameters<Session['run']>[0]): ReturnType<Session['run']> {
    this.#running.set(path, (this.#running.get(path) ?? 0) + 1);
    try {
      return await (await this.#load(path)).run(feeds);
    } finally {
      const others = (this.#running.get(path) ?? 1) - 1;
      if (others === 0) this.#running.delete(path);
      else this.#running.set(path, others);
    }
  }

  async #load(path: string): Promise<Session> {
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

  async #read(path: string): Promise<Session> {
    const bytes = await this.weigh(path);
    const [required, budget] = [this.baselineBytes + bytes, this.#memoryBudgetBytes];
    if (required > budget) throw tooLarge(path, required, budget);
    this.#estimates.set(path, bytes);
    try {
      await this.#unloadUntilFits();
      const session = await this.#options.openSession(path);
      this.#loaded.set(path, session);
      this.#options.onChange();
      return session;
    } catch (error) {
      this.#estimates.delete(path);
      throw error;
    }
  }

  async #unloadUntilFits(): Promise<void> {
    const inUse = (): number => [...this.#estimates.values()].reduce((sum, bytes) => sum + bytes, this.baselineBytes);
    while (inUse() > this.#memoryBudgetBytes) {
      const oldest = this.loadedPaths.find((path) => !this.#running.has(path));
      if (oldest === undefined) return;
      await this.#unload(oldest);
    }
  }

  async #unload(path: string): Promise<void> {
    const loaded = this.#loaded.get(path);
    if (!loaded) return;
    // Both before the wait, so that a graph that is going is counted by nobody and unloaded once.
    this.#loaded.delete(path);
    this.#estimates.delete(path);
    await loaded.release();
    this.#options.onChange();
  }
}

function tooLarge(path: string, requiredBytes: number, memoryBudgetBytes: number): StudioError {
  const [required, budget] = [requiredBytes, memoryBudgetBytes].map((bytes) => Math.ceil(bytes / 1048576));
  return new StudioError(
    'memory-exceeded',
    `${basename(path)} needs about ${required} MB of memory and the studio may use ${budget} MB.`,
    `Choose a smaller model, or raise the studio's memory budget above ${required} MB.`,
    { requiredBytes: Math.ceil(requiredBytes), memoryBudgetBytes },
  );
}
