import { StudioError } from '../../../../contract/errors.ts';
import type { UpdateSettings, UpdateState, UpdateStep, UpdateWay } from '../../../../contract/updates.ts';
import type { NewVersion, ProgramUpdater } from './program-updater.ts';
import type { UpdateMemory } from './update-memory.ts';

export interface UpdateKeeperOptions {
  readonly version: string;
  readonly way: UpdateWay;
  /** The place the package names. */
  readonly packageFeed: string | null;
  readonly memory: UpdateMemory;
  readonly updater: ProgramUpdater;
  readonly onState: (state: UpdateState) => void;
  /** Ends the program as a person would. */
  readonly quit: () => void;
  /** What became of it, for the log. */
  readonly note: (message: string, facts?: Readonly<Record<string, string>>) => void;
  /** Writes down a failure nobody expected; gives the id under which it stands in the log. */
  readonly logFailure: (error: unknown) => string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** It looks by itself once a day. */
export const lookEveryMs = 24 * 3_600_000;

/**
 * Decides when a newer version is looked for, brought and installed: as the person chose, and never while jobs run or wait. What a page
 * shows of it is `state`.
 */
export class UpdateKeeper {
  readonly #options: UpdateKeeperOptions;
  #step: UpdateStep = { type: 'idle' };
  #isWorking = false;
  /** The version that was found is to be brought. */
  #wanted = false;
  #restarts = false;
  #closing = false;
  #fetching: AbortController | null = null;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: UpdateKeeperOptions) {
    this.#options = options;
  }

  get state(): UpdateState {
    const { version, way, memory } = this.#options;
    const { settings, checkedMs } = memory;
    return { version, way, settings, feed: this.#feed, checkedMs, isWorking: this.#isWorking, step: this.#step };
  }

  get #feed(): string | null {
    return this.#options.memory.settings.feed ?? this.#options.packageFeed;
  }

  /** Looks if the person wants that, it is time, and nobody works. Call now and then. */
  async look(): Promise<void> {
    const { memory, way, clock } = this.#options;
    const { checkedMs, settings } = memory;
    const isQuiet = this.#step.type === 'idle' || this.#step.type === 'current' || this.#step.type === 'failed';
    const isDue = checkedMs === null || Math.abs(clock() - checkedMs) >= lookEveryMs;
    if (settings.choice === 'off' || way === 'source' || this.#feed === null) return;
    if (isQuiet && isDue && !this.#isWorking && !this.#closing) await this.#check(false);
  }

  /** Looks because a person asked. A look that is under way may have begun before they agreed, so it is waited for and done again. */
  async check(): Promise<void> {
    await this.#looking;
    await this.#check(true);
  }

  #check(asked: boolean): Promise<void> {
    this.#looking = this.#askPlace(asked);
    return this.#looking;
  }

  async #askPlace(asked: boolean): Promise<void> {
    const { updater, memory, clock, note } = this.#options;
    const feed = this.#feed;
    if (feed === null || this.#step.type === 'checking' || this.#step.type === 'fetching') return;
    const before = this.#step;
    this.#set({ type: 'checking' });
    try {
      const found = await updater.check(feed);
      // The person may have named another place meanwhile.
      if (feed !== this.#feed) return;
      memory.keep({ checkedMs: clock() });
      note('updates', found === null ? { step: 'current' } : { step: 'found', version: found.version });
      if (found === null) this.#set({ type: 'current' });
      else {
        this.#wanted = memory.settings.choice === 'automatic';
        this.#set({ type: 'found', ...found, waits: false });
        this.#proceed();
      }
    } catch (error) {
      if (feed !== this.#feed) return;
      // Nobody has agreed to it yet, and nobody is asked by a message: the settings say how.
      if (!asked && error instanceof StudioError && error.code === 'consent-needed') this.#set(before);
      else this.#fail(error);
    }
  }

  /** Brings the version that was found, once nobody works. */
  fetch(): void {
    if (this.#step.type !== 'found' || this.#options.way !== 'itself') return;
    this.#wanted = true;
    this.#proceed();
  }

  /** Stops bringing it. What came is kept. */
  stop(): void {
    this.#wanted = false;
    this.#fetching?.abort();
    if (this.#step.type === 'found') this.#set({ ...this.#step, waits: false });
  }

  /** What jobs do: while any runs or waits, nothing is brought or installed. */
  setWorking(isWorking: boolean): void {
    if (this.#closing || isWorking === this.#isWorking) return;
    this.#isWorking = isWorking;
    this.#set(this.#step);
    if (isWorking) this.#fetching?.abort();
    else {
      this.#proceed();
      void this.look();
    }
  }

  /** Throws StudioError where it cannot be kept. */
  choose(settings: UpdateSettings): void {
    const before = { feed: this.#feed, choice: this.#options.memory.settings.choice };
    this.#options.memory.keep(settings);
    const isOver = this.#feed !== before.feed || (settings.choice === 'off' && before.choice !== 'off');
    if (isOver) {
      this.stop();
      this.#step = { type: 'idle' };
    }
    if (settings.choice === 'automatic') this.#wanted = true;
    this.#set(this.#step);
    this.#proceed();
    void this.look();
  }

  /**
   * Ends the program, installs, and starts the new one.
   * @throws StudioError `bad-request` while jobs run or wait, or where nothing is ready
   */
  restart(): void {
    if (this.#step.type !== 'ready') throw new StudioError('bad-request', 'No newer version is ready.', 'Look for one first.');
    if (this.#isWorking) {
      const hint = 'Try again when the work is done, or close the program then: the new version is installed as it ends.';
      throw new StudioError('bad-request', 'The studio is working, so it is not ended now.', hint);
    }
    this.#restarts = true;
    this.#options.quit();
  }

  /** The program is about to end: from now on nothing changes any more. */
  close(): void {
    this.#closing = true;
    this.#fetching?.abort();
  }

  /** Call last, when the library is closed. What was at work stays queued for this version, and the new one waits for another end. */
  async installAtEnd(): Promise<void> {
    const { updater, note } = this.#options;
    if (this.#step.type !== 'ready') return;
    const { version } = this.#step;
    if (this.#isWorking) {
      note('updates', { step: 'waits', version });
      return;
    }
    try {
      await updater.install(this.#restarts);
      note('updates', { step: 'installed', version });
    } catch (error) {
      // Nobody is left to be told; the version that is there goes on as it was.
      const told = this.#explain(error);
      note('updates', { step: 'failed', version, code: told.code, message: told.message });
    }
  }

  /** Goes on with what was found, if it is wanted and nobody works. */
  #proceed(): void {
    if (this.#step.type !== 'found' || !this.#wanted || this.#closing || this.#options.way !== 'itself') return;
    if (this.#isWorking) this.#set({ ...this.#step, waits: true });
    else if (this.#fetching === null) void this.#bring(this.#step);
  }

  async #bring({ version, notes }: NewVersion): Promise<void> {
    const stop = new AbortController();
    this.#fetching = stop;
    const found = { version, notes };
    this.#set({ type: 'fetching', ...found, doneBytes: 0, totalBytes: 0, bytesPerSecond: null });
    try {
      await this.#options.updater.fetch({
        signal: stop.signal,
        onProgress: ({ doneBytes, totalBytes, bytesPerSecond }) => {
          if (!stop.signal.aborted) this.#set({ type: 'fetching', ...found, doneBytes, totalBytes, bytesPerSecond });
        },
      });
      this.#fetching = null;
      this.#options.note('updates', { step: 'ready', version });
      this.#set({ type: 'ready', ...found });
    } catch (error) {
      this.#fetching = null;
      if (!stop.signal.aborted) this.#fail(error);
      else {
        if (this.#step.type === 'fetching') this.#set({ type: 'found', ...found, waits: this.#wanted });
        this.#proceed();
      }
    }
  }

  #fail(error: unknown): void {
    const told = this.#explain(error);
    this.#wanted = false;
    this.#options.note('updates', { step: 'failed', code: told.code });
    this.#set({ type: 'failed', error: told.toBody() });
  }

  #explain(error: unknown): StudioError {
    if (error instanceof StudioError) return error;
    const logId = this.#options.logFailure(error);
    return new StudioError('internal', 'The update did not work.', 'Try again; the log says more.', { logId });
  }

  #set(step: UpdateStep): void {
    this.#step = step;
    this.#options.onState(this.state);
  }
}
