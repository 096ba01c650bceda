import type { StudioEvent } from '../../contract/events.ts';
import type { GenerateSettings } from '../../contract/recipe.ts';
import { toErrorBody } from '../client/to-error-body.ts';
import type { Transport } from '../client/transport.ts';
import { CoreWatch } from '../desktop/core-watch.svelte.ts';
import type { Outside } from '../desktop/outside.ts';
import { Arrivals } from './arrivals.svelte.ts';
import { AttentionFocus } from './attention-focus.svelte.ts';
import { CanvasView } from './canvas-view.svelte.ts';
import { Connection } from './connection.svelte.ts';
import { Drawing } from './drawing.svelte.ts';
import { ExportedText } from './exported-text.svelte.ts';
import { Inspection } from './inspection.svelte.ts';
import { ItemOpening } from './item-opening.ts';
import { isEnded, JobList } from './job-list.svelte.ts';
import { Journal } from './journal.ts';
import { Manuscript } from './manuscript.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { Overlays } from './overlays.svelte.ts';
import { PictureReading } from './picture-reading.svelte.ts';
import { Place } from './place.svelte.ts';
import { Preferences } from './preferences.svelte.ts';
import { Proposals } from './proposals.svelte.ts';
import { PromptEditing } from './prompt-editing.svelte.ts';
import { Shortcuts } from './shortcuts.svelte.ts';
import { StudioFacts } from './studio-facts.svelte.ts';
import { WordCommands } from './word-commands.svelte.ts';

/** Start here: everything the page knows and can do. Components read it and call it, and never a transport. */
export class Studio {
  readonly preferences: Preferences;
  readonly place: Place;
  readonly shortcuts: Shortcuts;
  readonly overlays = new Overlays();
  readonly notices = new Notices();
  readonly connection: Connection;
  readonly facts: StudioFacts;
  readonly jobs: JobList;
  readonly manuscript: Manuscript;
  readonly editing: PromptEditing;
  readonly reading: PictureReading;
  readonly drawing: Drawing;
  readonly attention: AttentionFocus;
  readonly inspection: Inspection;
  readonly exported: ExportedText;
  readonly words: WordCommands;
  readonly view = new CanvasView();
  /** What lies around the page: a browser's tab or the desktop program. */
  readonly outside: Outside;
  /** How the desktop program says its core fares. */
  readonly core: CoreWatch;
  readonly opening: ItemOpening;
  readonly proposals: Proposals;
  readonly arrivals: Arrivals;
  readonly #journal: Journal;
  #journalFull = false;
  #becomeReady: () => void = () => undefined;

  constructor(transport: Transport, store: Storage, outside: Outside, now: () => number = Date.now) {
    const { client } = transport;
    this.outside = outside;
    this.core = new CoreWatch(now);
    this.preferences = new Preferences(store);
    this.place = new Place(this.preferences);
    this.shortcuts = new Shortcuts(this.preferences, this.place, /Mac/.test(navigator.userAgent));
    this.connection = new Connection(client, now);
    this.facts = new StudioFacts(client);
    this.jobs = new JobList(client);
    this.manuscript = new Manuscript(now);
    this.editing = new PromptEditing(client, this.manuscript);
    this.attention = new AttentionFocus(this.manuscript);
    this.inspection = new Inspection(client);
    this.exported = new ExportedText(client);
    this.words = new WordCommands(this.manuscript, this.editing);
    this.drawing = new Drawing({
      client,
      manuscript: this.manuscript,
      editing: this.editing,
      jobs: this.jobs,
      settings: () => this.generateSettings(),
    });
    this.reading = new PictureReading({
      transport,
      manuscript: this.manuscript,
      jobs: this.jobs,
      facts: this.facts,
      preferredLength: () => this.preferences.values.length,
      settle: () => this.editing.settle(),
      onOpen: () => this.place.show('studio'),
      onRead: () => {
        if (this.preferences.values.drawAfterReading) void this.drawing.generate();
      },
    });
    const { manuscript, editing, reading, drawing, place, notices } = this;
    this.opening = new ItemOpening({ client, manuscript, editing, reading, drawing, place });
    this.proposals = new Proposals({ client, manuscript, editing, reading, place });
    const ready = new Promise<void>((resolve) => (this.#becomeReady = resolve));
    this.arrivals = new Arrivals({
      transport,
      outside,
      reading,
      opening: this.opening,
      proposals: this.proposals,
      notices,
      place,
      ready,
    });
    this.#journal = new Journal(store);
    const left = this.#journal.read();
    if (left !== null) this.manuscript.restore(left.history, left.pendingText);
  }

  start(): void {
    this.connection.start((event) => this.#receive(event));
  }

  stop(): void {
    this.connection.stop();
  }

  /** What the artist set; what they did not set is left to the pack. */
  generateSettings(): GenerateSettings {
    const { steps, guidance, scheduler, negative, count, seed, initStrength } = this.preferences.values;
    const { picture } = this.manuscript;
    return {
      count,
      ...(steps === null ? {} : { steps }),
      ...(guidance === null ? {} : { guidance }),
      ...(scheduler === null ? {} : { scheduler }),
      ...(negative === null ? {} : { negative }),
      ...(seed === null ? {} : { seed }),
      ...(initStrength === null || picture === null ? {} : { init: { imageSha256: picture.sha256, strength: initStrength } }),
    };
  }

  /** Shows the text of another number of tokens, and opens the next picture at it. */
  openLength(length: number): void {
    this.preferences.set({ length });
    this.attempt(this.editing.settle().then(() => this.manuscript.openVersion(String(length))));
  }

  /** Writes unsaved work down. Cheap enough to call after every change. */
  keep(): void {
    const fits = this.#journal.write((limit) => this.manuscript.history.record(limit), this.manuscript.pendingText);
    if (!fits && !this.#journalFull) {
      this.notices.fail({
        code: 'disk-full',
        message: 'The browser’s store is full, so this text would not survive a reload.',
        hint: 'Copy the text, or clear this site’s data and reload.',
        details: {},
      });
    }
    this.#journalFull = !fits;
  }

  /** Runs what a person asked for; a failure is told and goes no further. */
  attempt(work: Promise<unknown>): void {
    work.catch((failure: unknown) => this.notices.fail(toErrorBody(failure)));
  }

  #receive(event: StudioEvent): void {
    switch (event.type) {
      case 'hello':
        this.facts.setEngine(event.engine);
        this.jobs.replace(event.jobs);
        this.attempt(this.#greet());
        return;
      case 'job-changed':
        this.jobs.update(event.job);
        return;
      case 'engine-changed':
        this.facts.setEngine(event.engine);
        return;
      case 'settings-changed':
        return;
      case 'library-changed':
        return;
    }
  }

  /** After every (re)connection: what the core is, what was typed meanwhile, and jobs of this picture that go on. */
  async #greet(): Promise<void> {
    await this.facts.load();
    await this.editing.settle();
    await this.drawing.loadResults();
    this.#becomeReady();
    const { picture, snapshot } = this.manuscript;
    const open = this.jobs.all.filter((job) => !isEnded(job));
    for (const { id, request } of open) {
      if (request.kind === 'generate' && request.originalSha256 === picture?.sha256) void this.drawing.follow(id);
      const reads = request.kind === 'encode' && picture !== null && request.imageSha256s.includes(picture.sha256);
      if (reads && Object.keys(snapshot.versions).length === 0) void this.reading.follow(id);
    }
  }
}
