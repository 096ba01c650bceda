import type { StudioEvent } from '../../../contract/events.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { Notices } from '../frame/notices.svelte.ts';
import type { OpenedWorkspaces } from '../frame/opened-workspaces.ts';
import type { Place } from '../frame/place.svelte.ts';
import type { LibraryBrowser } from '../library/library-browser.svelte.ts';
import type { NetworkAccess } from '../settings/network-access.svelte.ts';
import type { Settings } from '../settings/settings.svelte.ts';
import type { Writers } from '../settings/writers.svelte.ts';
import type { Journal } from '../text/history/journal.ts';
import { storeOlderReadings } from '../text/history/store-older-readings.ts';
import type { PromptEditing } from '../text/prompt-editing.svelte.ts';
import type { WordCommands } from '../text/words/word-commands.svelte.ts';
import type { CoreFacts } from './core-facts.svelte.ts';
import { takeUpJobs } from './take-up-jobs.ts';
import type { Followers } from './take-up-jobs.ts';

const refreshAfterMs = 400;

/** What of the page hears of it. */
interface Listening extends Followers {
  readonly facts: CoreFacts;
  readonly settings: Settings;
  readonly network: NetworkAccess;
  readonly writers: Writers;
  readonly library: LibraryBrowser;
  readonly notices: Notices;
  readonly editing: PromptEditing;
  readonly words: WordCommands;
  readonly place: Place;
  readonly workspaces: OpenedWorkspaces;
  attempt(task: Promise<unknown>): void;
}

/** What the page does when the core says something. */
export class CoreEvents {
  /** Resolves after the first greeting: the pack is known, and what was typed meanwhile is settled. */
  readonly ready: Promise<void>;
  readonly #page: Listening;
  readonly #client: StudioClient;
  readonly #journal: Journal;
  /** Work of an earlier start that has been put back, and that nobody has gone on with yet. */
  #putBack = false;
  #refreshTimer: ReturnType<typeof setTimeout> | null = null;
  #becomeReady: () => void = () => undefined;

  constructor(page: Listening, client: StudioClient, journal: Journal) {
    this.#page = page;
    this.#client = client;
    this.#journal = journal;
    this.ready = new Promise<void>((resolve) => (this.#becomeReady = resolve));
  }

  /** Work of an earlier start has been put back. */
  putBack(): void {
    this.#putBack = true;
  }

  stop(): void {
    if (this.#refreshTimer !== null) clearTimeout(this.#refreshTimer);
  }

  receive(event: StudioEvent): void {
    this.#page.workspaces.receive(event);
    switch (event.type) {
      case 'hello':
        this.#page.facts.setEngine(event.engine);
        this.#page.jobs.replace(event.jobs);
        this.#page.attempt(this.#greet());
        return;
      case 'job-changed':
        this.#page.jobs.update(event.job);
        return;
      case 'batch-changed':
      case 'batches-listed':
      case 'transfer-changed':
        // A workspace’s own.
        return;
      case 'engine-changed':
        this.#page.facts.setEngine(event.engine);
        return;
      case 'settings-changed':
        this.#page.settings.take(event.report);
        // The pack in use may be another one now.
        this.#page.attempt(this.#page.facts.load());
        return;
      case 'network-changed':
        this.#page.network.take(event.report);
        this.#page.attempt(this.#page.writers.refresh());
        return;
      case 'library-changed':
        this.#refreshSoon();
        this.#page.library.changed();
        return;
    }
  }

  /** Many items may change at once; one question answers for all of them. */
  #refreshSoon(): void {
    if (this.#refreshTimer !== null) clearTimeout(this.#refreshTimer);
    this.#refreshTimer = setTimeout(() => void this.#page.drawing.refresh(), refreshAfterMs);
  }

  /** After every (re)connection: what the core is, what was typed meanwhile, and jobs of this picture that go on. */
  async #greet(): Promise<void> {
    const loading = this.#page.facts.load();
    // A pack that is gone is told, and leaves the work open.
    this.#page.attempt(loading);
    await loading.catch(() => undefined);
    const repairs = this.#page.facts.takeRepairs();
    if (repairs !== '') this.#page.notices.fail({ code: 'library-damaged', message: repairs, hint: '', details: {} });
    const storing = storeOlderReadings(this.#client, this.#journal, this.#page.work);
    this.#page.attempt(storing);
    await storing.catch(() => undefined);
    await this.#page.editing.settle();
    await this.#page.drawing.loadResults();
    for (const greeting of this.#page.workspaces.greet()) this.#page.attempt(greeting);
    this.#becomeReady();
    takeUpJobs(this.#page);
    this.#goOn();
  }

  /** After a start, yesterday's work is written on without a click, unless a person has gone elsewhere meanwhile. */
  #goOn(): void {
    const { editor } = this.#page.words;
    if (editor === null) return;
    const isUntouched = document.activeElement === null || document.activeElement === document.body;
    const isOpen = this.#putBack && this.#page.work.document !== null && this.#page.place.current === 'studio';
    if (isOpen && isUntouched) editor.focus();
    this.#putBack = false;
  }
}
