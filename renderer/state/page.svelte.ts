import type { ErrorBody } from '../../contract/errors.ts';
import type { GenerateSettings } from '../../contract/recipe.ts';
import { toErrorBody } from '../client/to-error-body.ts';
import type { Transport } from '../client/transport.ts';
import { CoreWatch } from '../desktop/core-watch.svelte.ts';
import type { Platform } from '../desktop/platform.ts';
import { Intake } from './frame/intake.svelte.ts';
import { language } from '../language/language.svelte.ts';
import { Appearance } from './frame/appearance.svelte.ts';
import { Asking } from './text/tools/asking.svelte.ts';
import { AttentionFocus } from './text/attention-focus.svelte.ts';
import { BrowserStore, describeStoreTrouble } from './core/browser-store.ts';
import { CanvasView } from './canvas/canvas-view.svelte.ts';
import { collectGenerateSettings } from './canvas/collect-generate-settings.ts';
import { Connection } from './core/connection.svelte.ts';
import { Settings } from './settings/settings.svelte.ts';
import { DrawPlace } from './canvas/draw-place.svelte.ts';
import { DrawingFit } from './canvas/drawing-fit.svelte.ts';
import { Drawing } from './canvas/drawing.svelte.ts';
import { openMasks } from './canvas/mask/open-masks.ts';
import { ExportedText } from './text/exported-text.svelte.ts';
import { Hints } from './text/tools/hints.svelte.ts';
import { Inspection } from './text/inspection.svelte.ts';
import { ItemOpening } from './library/item-opening.ts';
import { JobList } from './core/job-list.svelte.ts';
import { LengthFidelity } from './text/length-fidelity.svelte.ts';
import { Journal } from './text/history/journal.ts';
import { namedReadings } from './text/history/named-readings.ts';
import { LibraryBrowser } from './library/library-browser.svelte.ts';
import { OpenWork } from './text/open-work.svelte.ts';
import { NetworkAccess } from './settings/network-access.svelte.ts';
import { DeviceParts } from './settings/device-parts.svelte.ts';
import { followUpdates } from './settings/follow-updates.ts';
import type { Updates } from './settings/updates.svelte.ts';
import { AccessKeys } from './settings/access-keys.svelte.ts';
import { Writers } from './settings/writers.svelte.ts';
import { Notices } from './frame/notices.svelte.ts';
import type { Notice } from './frame/notices.svelte.ts';
import { Dock } from './frame/dock.svelte.ts';
import { OpenedWorkspaces } from './frame/opened-workspaces.ts';
import { Overlays } from './frame/overlays.svelte.ts';
import { Palette } from './frame/palette.svelte.ts';
import { OtherReadings } from './text/readers/other-readings.svelte.ts';
import { PicturePart } from './text/readers/picture-part.svelte.ts';
import { Readers } from './text/readers/readers.svelte.ts';
import { PictureReading } from './text/picture-reading.svelte.ts';
import { Place } from './frame/place.svelte.ts';
import { Preferences } from './frame/preferences.svelte.ts';
import { ReadingCache } from './text/reading-cache.svelte.ts';
import { Proposals } from './text/proposals.svelte.ts';
import { findRemedy } from './frame/find-remedy.ts';
import { Polishing } from './text/tools/polishing.svelte.ts';
import { PromptEditing } from './text/prompt-editing.svelte.ts';
import { ResultActions } from './canvas/result-actions.ts';
import { Shortcuts } from './frame/shortcuts.svelte.ts';
import { startFromItem } from './canvas/start-from-item.ts';
import { CoreEvents } from './core/core-events.ts';
import { CoreFacts } from './core/core-facts.svelte.ts';
import { TextComparison } from './text/text-comparison.svelte.ts';
import { WordCommands } from './text/words/word-commands.svelte.ts';
import { WordGroups } from './text/words/word-groups.svelte.ts';
import { WordSearch } from './text/words/word-search.svelte.ts';
import { WordTools } from './text/tools/word-tools.svelte.ts';
import { WordTrial } from './text/tools/word-trial.svelte.ts';

/** What a page stands on. */
export interface PageSources {
  readonly transport: Transport;
  readonly store: BrowserStore;
  readonly platform: Platform;
  /** @returns milliseconds since 1970 */
  readonly now: () => number;
}

/** Start here: everything the page knows and can do. Components read it and call it, and never a transport. */
export class Page {
  /** For the state that a workspace opens; components never ask it. */
  readonly sources: PageSources;
  readonly preferences: Preferences;
  readonly place: Place;
  /** The places it consists of, each with its own state. */
  readonly workspaces = new OpenedWorkspaces();
  readonly shortcuts: Shortcuts;
  readonly overlays = new Overlays();
  readonly dock: Dock;
  readonly palette: Palette;
  readonly language = language;
  readonly appearance: Appearance;
  readonly notices = new Notices();
  readonly connection: Connection;
  readonly facts: CoreFacts;
  readonly settings: Settings;
  readonly network: NetworkAccess;
  readonly writers: Writers;
  /** How the program around the page gets newer; null in a browser. */
  readonly updates: Updates | null;
  readonly deviceParts: DeviceParts;
  readonly accessKeys: AccessKeys;
  readonly jobs: JobList;
  readonly work: OpenWork;
  readonly editing: PromptEditing;
  readonly reading: PictureReading;
  /** Who can read pictures here, and who is chosen. */
  readonly readers: Readers;
  /** The part of the open picture that is read alone. */
  readonly picturePart: PicturePart;
  readonly otherReadings: OtherReadings;
  readonly drawing: Drawing;
  /** Where pictures are drawn anew. */
  readonly masks: ReturnType<typeof openMasks>;
  /** Who draws the Studio's next picture. */
  readonly drawPlace: DrawPlace;
  readonly drawingFit: DrawingFit;
  readonly lengthFidelity: LengthFidelity;
  readonly resultActions: ResultActions;
  /** What readers saw in pictures. */
  readonly readings: ReadingCache;
  readonly attention: AttentionFocus;
  readonly inspection: Inspection;
  readonly exported: ExportedText;
  readonly asking: Asking;
  readonly hints: Hints;
  readonly polishing: Polishing;
  readonly words: WordCommands;
  readonly wordTools: WordTools;
  readonly wordTrial: WordTrial;
  readonly wordSearch: WordSearch;
  readonly wordGroups: WordGroups;
  readonly comparison: TextComparison;
  readonly view = new CanvasView();
  /** What lies around the page: a browser's tab or the desktop program. */
  readonly platform: Platform;
  /** How the desktop program says its core fares. */
  readonly core: CoreWatch;
  readonly opening: ItemOpening;
  readonly library: LibraryBrowser;
  readonly proposals: Proposals;
  readonly intake: Intake;
  readonly #journal: Journal;
  readonly #events: CoreEvents;

  /** @param openStore gives the browser's store; may throw where site data is blocked */
  constructor(transport: Transport, openStore: () => Storage, platform: Platform, now: () => number = Date.now) {
    const store = new BrowserStore(openStore, (trouble) => this.notices.fail(describeStoreTrouble(trouble)));
    const { client } = transport;
    this.sources = { transport, store, platform, now };
    this.platform = platform;
    this.core = new CoreWatch(now);
    this.preferences = new Preferences(store);
    this.place = new Place(this.preferences);
    this.dock = new Dock(this.preferences);
    this.appearance = new Appearance(this.preferences);
    this.shortcuts = new Shortcuts(this.preferences, this.place, navigator.userAgent.includes('Mac'));
    this.connection = new Connection(client, now);
    this.facts = new CoreFacts(client);
    this.settings = new Settings(transport, this.facts);
    this.network = new NetworkAccess(client);
    this.writers = new Writers(client);
    this.updates = platform.updates === null ? null : followUpdates(platform.updates, this);
    this.deviceParts = new DeviceParts(client, this.network, this.facts);
    this.accessKeys = new AccessKeys(client);
    this.jobs = new JobList(client);
    this.work = new OpenWork(now);
    this.editing = new PromptEditing(client, this.work);
    this.readings = new ReadingCache((sha256) => transport.readReading(sha256));
    this.attention = new AttentionFocus(this.work, this.readings);
    this.inspection = new Inspection(client);
    this.exported = new ExportedText(client);
    this.asking = new Asking(client, this.work, this.editing);
    this.hints = new Hints(client, this.work, this.editing);
    this.polishing = new Polishing(client, this.work, this.editing);
    this.words = new WordCommands(this.work, this.editing, this.readings);
    this.wordSearch = new WordSearch(this.work, this.words);
    this.wordGroups = new WordGroups(client);
    const toDraw = {
      client,
      work: this.work,
      editing: this.editing,
      jobs: this.jobs,
      settings: () => this.generateSettings(),
    };
    this.drawPlace = new DrawPlace({ client, preferences: this.preferences, writers: this.writers, facts: this.facts });
    this.drawingFit = new DrawingFit({ client, drawPlace: this.drawPlace });
    this.drawing = new Drawing({
      ...toDraw,
      settings: () =>
        collectGenerateSettings({ preferences: this.preferences, work: this.work, drawing: this.drawing, facts: this.drawPlace }),
      connectionId: () => this.drawPlace.connectionId,
      complete: (settings) => this.masks.complete(settings),
    });
    this.masks = openMasks(this, store, transport);
    this.lengthFidelity = new LengthFidelity({
      ...toDraw,
      facts: this.facts,
      drawing: this.drawing,
      onFailure: (failure) => this.notices.fail(failure),
    });
    const ofWords = { ...toDraw, drawing: this.drawing, packSteps: () => this.facts.drawer?.defaults.steps ?? 20 };
    this.wordTools = new WordTools(ofWords);
    this.wordTrial = new WordTrial(ofWords);
    this.comparison = new TextComparison(client, this.work, this.drawing.versions);
    this.readers = new Readers({ preferences: this.preferences, facts: this.facts, writers: this.writers });
    this.picturePart = new PicturePart(this.work);
    this.otherReadings = new OtherReadings({ ...toDraw, drawing: this.drawing, packId: () => this.facts.pack?.id ?? null });
    this.reading = new PictureReading({
      transport,
      work: this.work,
      jobs: this.jobs,
      facts: this.facts,
      reader: () => this.readers.findChosen(),
      searchLength: () => this.readers.length,
      preferredLength: () => this.preferences.values.length,
      settle: () => this.editing.settle(),
      onOpen: () => this.place.show('studio'),
      onOpened: (sha256, title) => this.attempt(this.proposals.lookInto(sha256, title)),
      onRead: () => {
        if (this.preferences.values.drawAfterReading) void this.drawing.generate();
        // Where work goes on.
        this.words.editor?.focus();
      },
    });
    const { work, editing, reading, drawing, place, notices } = this;
    this.resultActions = new ResultActions({ client, work, editing, drawing, notices });
    this.opening = new ItemOpening({ client, work, editing, reading, drawing, place });
    this.library = new LibraryBrowser({
      transport,
      platform,
      notices,
      open: (itemId) => this.opening.openById(itemId),
      useAsStart: (item) => startFromItem(this, item),
      heldReadings: () => [...namedReadings(work.history.entries), ...this.workspaces.heldReadings],
      stacks: {
        shown: () => this.preferences.values.libraryStacks,
        remember: (libraryStacks) => this.preferences.set({ libraryStacks }),
      },
      now,
    });
    this.proposals = new Proposals({ client, work, editing, reading, place, preferences: this.preferences, notices });
    this.#journal = new Journal(store);
    this.#events = new CoreEvents(this, client, this.#journal);
    const { ready } = this.#events;
    const { opening, proposals, shortcuts, facts, library } = this;
    this.intake = new Intake({ transport, platform, reading, opening, proposals, notices, place, ready });
    const attempt = (task: Promise<unknown>) => this.attempt(task);
    this.palette = new Palette({ client, shortcuts, place, facts, opening, library, reading, attempt });
    for (const { newer } of [this.preferences, this.#journal, this.masks]) if (newer !== null) notices.fail(newer.toBody());
    const left = this.#journal.read();
    if (left !== null) {
      this.work.restore(left.history, left.pendingText);
      this.#events.putBack();
    }
  }

  start(): void {
    this.connection.start((event) => this.#events.receive(event));
  }

  stop(): void {
    this.#events.stop();
    this.connection.stop();
  }

  /** What the artist set, for the pack here; what they did not set is left to it. */
  generateSettings(): GenerateSettings {
    return collectGenerateSettings(this);
  }

  /** Shows the text of another number of tokens, and opens the next picture at it. */
  openLength(length: number): void {
    this.preferences.set({ length });
    this.attempt(this.editing.settle().then(() => this.work.openVersion(String(length))));
  }

  /** Writes unsaved work down. Cheap enough to call after every change. */
  keep(): void {
    this.#journal.write((limit) => this.work.history.record(limit), this.work.pendingText);
    this.workspaces.keep();
  }

  /** Runs what a person asked for; a failure is told and goes no further. Bound to the page, because parts of it are taken apart. */
  readonly attempt = (task: Promise<unknown>): void => {
    task.catch((failure: unknown) => {
      const body = toErrorBody(failure);
      this.notices.fail(body, this.remedyFor(body));
    });
  };

  /** The one button that helps with an error, or null where no button can. */
  readonly remedyFor = (error: Pick<ErrorBody, 'code'>): Notice['remedy'] => findRemedy(this, error.code);
}
