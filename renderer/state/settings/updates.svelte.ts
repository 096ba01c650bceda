import type { UpdateChoice, UpdateState } from '../../../contract/updates.ts';
import type { ProgramUpdates } from '../../desktop/platform.ts';
import { say } from '../../language/say.ts';
import type { NetworkAccess } from './network-access.svelte.ts';

export interface UpdateNews {
  /** A newer version waits for a person's yes. */
  onFound(version: string): void;
  /** A newer version is installed when the program is closed. */
  onReady(version: string): void;
}

/** How the program around the page gets newer: what it says of that, and what a person may do. */
export class Updates {
  #state: UpdateState | null = $state.raw(null);
  readonly #program: ProgramUpdates;
  readonly #network: NetworkAccess;
  readonly #news: UpdateNews;
  /** What was told already: once is enough. */
  readonly #told = new Set<string>();

  constructor(program: ProgramUpdates, network: NetworkAccess, news: UpdateNews) {
    this.#program = program;
    this.#network = network;
    this.#news = news;
    program.follow((state) => this.#take(state));
  }

  /** Null until the program has said it. */
  get state(): UpdateState | null {
    return this.#state;
  }

  /** Whether a person has agreed that the place of the updates is asked; null while that is not known. */
  get allowed(): boolean | null {
    const origin = this.#origin;
    const report = this.#network.report;
    if (origin === null || report === null) return null;
    return report.consents.some((one) => one.origin === origin && one.purpose === 'update');
  }

  /** As a person knows the place; null where none is named. */
  get host(): string | null {
    return this.#origin === null ? null : new URL(this.#origin).host;
  }

  get #origin(): string | null {
    const feed = this.#state?.feed ?? null;
    return feed === null ? null : new URL(feed).origin;
  }

  async load(): Promise<void> {
    this.#take(await this.#program.state());
  }

  /** The yes that a person gave after reading what goes there, and the first look. */
  async allow(): Promise<void> {
    const origin = this.#origin;
    if (origin === null) return;
    const shown = say('updates.consent', { host: new URL(origin).host });
    await this.#network.allow({ origin, purpose: 'update', sends: ['address'], keeps: ['program'], shown });
    await this.#program.check();
  }

  check(): Promise<void> {
    return this.#program.check();
  }

  fetch(): Promise<void> {
    return this.#program.fetch();
  }

  stop(): Promise<void> {
    return this.#program.stop();
  }

  restart(): Promise<void> {
    return this.#program.restart();
  }

  async choose(choice: UpdateChoice): Promise<void> {
    if (this.#state !== null) await this.#program.set({ ...this.#state.settings, choice });
  }

  /** @param feed null: the place the package names */
  async setFeed(feed: string | null): Promise<void> {
    if (this.#state !== null) await this.#program.set({ ...this.#state.settings, feed });
  }

  #take(state: UpdateState): void {
    this.#state = state;
    const { step } = state;
    if (step.type !== 'found' && step.type !== 'ready') return;
    // What is fetched by itself is told when it is there.
    if (step.type === 'found' && state.settings.choice === 'automatic' && state.way === 'itself') return;
    const news = `${step.type} ${step.version}`;
    if (this.#told.has(news)) return;
    this.#told.add(news);
    if (step.type === 'found') this.#news.onFound(step.version);
    else this.#news.onReady(step.version);
  }
}
