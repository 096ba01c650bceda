import { deviceNameSchema } from '../../../contract/studio-info.ts';
import type { Device } from '../../../contract/studio-info.ts';
import type { CrashingGraphs } from '../../packs/crashing-graphs.ts';
import type { EngineExit } from '../start-engine-process.ts';

/** One death may have been the machine's. */
const deathsThatTell = 2;
/** Sent from outside: SIGKILL is the system's when memory runs out, the others are a person's. */
const sentByOthers = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'];
/** On Windows a process that did what is forbidden ends with a code from here on. */
const firstFault = 0xc0000000;

/** Finds out which graph ends the engine: the one it was at, if that happens twice with nothing finished in between. */
export class GraphSuspicion {
  readonly #crashing: CrashingGraphs | null;
  /** The graph on trial: given to the runtime and not yet back from a run. */
  #current: string | null = null;
  readonly #deaths = new Map<string, number>();

  /** @param crashing where it is remembered; null where nothing is, and no graph avoided */
  constructor(crashing: CrashingGraphs | null) {
    this.#crashing = crashing;
  }

  /** @param path null: it came back */
  using(path: string | null): void {
    this.#current = path;
  }

  /** The engine answered: what it was at did not end it. */
  finish(): void {
    this.#deaths.clear();
    this.#current = null;
  }

  /**
   * The engine's process is gone.
   * @param wasEnded by us, which says nothing of any graph
   * @returns the path of the graph it was at; null where it was at none, or was ended
   */
  died(device: Device, exit: EngineExit, wasEnded: boolean): string | null {
    const graph = this.#current;
    this.#current = null;
    if (wasEnded) return null;
    const own = deviceNameSchema.safeParse(device);
    if (graph === null || !isFault(exit) || !own.success) return graph;
    const deaths = (this.#deaths.get(graph) ?? 0) + 1;
    this.#deaths.set(graph, deaths);
    if (deaths >= deathsThatTell) void this.#crashing?.add(graph, own.data);
    return graph;
  }

  /** Paths of graphs that an engine on this device is not to load. */
  async avoidedOn(device: Device): Promise<readonly string[]> {
    const own = deviceNameSchema.safeParse(device);
    return this.#crashing === null || !own.success ? [] : this.#crashing.on(own.data);
  }
}

/** What a program does to itself, as told by how it ended. */
function isFault({ code, signal }: EngineExit): boolean {
  return signal === null ? code !== null && code >= firstFault : !sentByOthers.includes(signal);
}
