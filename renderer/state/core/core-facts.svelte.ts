import type { DrawerAbilities, PackAbilities } from '../../../contract/models/abilities.ts';
import type { EngineStatus, StudioInfo } from '../../../contract/studio-info.ts';
import type { PackManifest } from '../../../contract/models/pack.ts';
import type { StudioClient } from '../../../contract/methods.ts';

/** What the core says of itself and of its pack. */
export class CoreFacts {
  #info: StudioInfo | null = $state.raw(null);
  #engine: EngineStatus | null = $state.raw(null);
  #pack: PackManifest | null = $state.raw(null);
  #abilities: PackAbilities | null = $state.raw(null);
  readonly #told = new Set<string>();
  readonly #client: StudioClient;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  get info(): StudioInfo | null {
    return this.#info;
  }

  get engine(): EngineStatus | null {
    return this.#engine;
  }

  get pack(): PackManifest | null {
    return this.#pack;
  }

  /** Numbers of tokens the pack reads pictures at, ascending. */
  get lengths(): readonly number[] {
    return this.#abilities?.reader?.lengths ?? [];
  }

  /** What can be drawn with the pack; null where nothing can, or until it is known. */
  get drawer(): DrawerAbilities | null {
    return this.#abilities?.drawer ?? null;
  }

  setEngine(engine: EngineStatus): void {
    this.#engine = engine;
  }

  async load(): Promise<void> {
    const info = await this.#client.studio.info();
    this.#info = info;
    this.#engine = info.engine;
    const { packs } = this.#client;
    const ofPack = { packId: info.defaultPackId };
    const [pack, abilities] = await Promise.all([packs.info(ofPack), packs.abilities(ofPack)]);
    this.#pack = pack;
    this.#abilities = abilities;
  }

  /** What was damaged and is made again, in one text; each is told once, empty when there is nothing new. */
  takeRepairs(): string {
    const fresh = (this.#info?.repairs ?? []).filter((repair) => !this.#told.has(repair));
    for (const repair of fresh) this.#told.add(repair);
    return fresh.join(' ');
  }

  async restartEngine(): Promise<void> {
    this.#engine = await this.#client.studio.restartEngine();
  }
}
