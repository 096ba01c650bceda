import type { StudioClient } from '../../../contract/methods.ts';
import type { ExportTarget } from '../../../contract/texts/prompt.ts';
import type { GenerateSettings } from '../../../contract/recipe.ts';
import type { Transport } from '../../client/transport.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import { copyText } from '../../desktop/copy-text.ts';
import type { BrowserStore } from '../core/browser-store.ts';
import type { Connection } from '../core/connection.svelte.ts';
import type { CoreFacts } from '../core/core-facts.svelte.ts';
import type { JobList } from '../core/job-list.svelte.ts';
import type { Notices } from '../frame/notices.svelte.ts';
import type { ItemOpening } from '../library/item-opening.ts';
import type { OpenWork } from '../text/open-work.svelte.ts';
import type { PromptEditing } from '../text/prompt-editing.svelte.ts';
import { BlendDrawing } from './blend-drawing.svelte.ts';
import { BlendJournal } from './blend-journal.ts';
import { BlendSides } from './blend-sides.svelte.ts';
import { readingsOf } from './blend-state.ts';
import type { BlendKey } from './blend-state.ts';
import { BlendTexts } from './blend-texts.svelte.ts';
import { BlendWriting } from './blend-writing.svelte.ts';
import { say } from '../../language/say.ts';

interface Options {
  readonly transport: Transport;
  readonly store: BrowserStore;
  readonly connection: Connection;
  readonly facts: CoreFacts;
  readonly jobs: JobList;
  readonly notices: Notices;
  readonly work: OpenWork;
  readonly editing: PromptEditing;
  readonly opening: ItemOpening;
  readonly settings: () => GenerateSettings;
  readonly now: () => number;
}

/** Most tokens of a blend where the pack does not say how many it reads at. */
const usualLimit = 75;

/** Two pictures or texts become one: start at `texts` (what stands where), `writing` (how it comes about) and `drawing`. */
export class Blend {
  /** Tokens of the open blend at the caret or last selected: what locking acts on. */
  selected: readonly string[] = $state.raw([]);
  readonly texts: BlendTexts;
  readonly sides: BlendSides;
  readonly writing: BlendWriting;
  readonly drawing: BlendDrawing;
  readonly #client: StudioClient;
  readonly #journal: BlendJournal;
  readonly #options: Options;
  /** Something lies in the store already. */
  #isStored: boolean;

  constructor(options: Options) {
    this.#options = options;
    const { transport, store, connection, facts, jobs, notices, settings, now } = options;
    const { client } = transport;
    this.#client = client;
    // A core that is away is told by the banner, and what is typed waits for it.
    const onFailure = (failure: unknown): void => {
      if (connection.connected) notices.fail(toErrorBody(failure));
    };
    this.texts = new BlendTexts(client, now, onFailure);
    this.sides = new BlendSides({ ...options, texts: this.texts });
    this.writing = new BlendWriting(client, this.texts, () => facts.lengths.at(-1) ?? usualLimit);
    this.drawing = new BlendDrawing({ client, texts: this.texts, jobs, settings, onFailure: (failure) => notices.fail(failure) });
    this.#journal = new BlendJournal(store);
    if (this.#journal.newer !== null) notices.fail(this.#journal.newer.toBody());
    const left = this.#journal.read();
    this.#isStored = left !== null;
    if (left !== null) this.texts.restore(left);
  }

  /** Writes everything down. Cheap enough to call after every change. */
  keep(): void {
    const { texts } = this;
    const hasNothing = texts.history.entries.length === 1 && Object.values(texts.pending).every((text) => text === null);
    if (hasNothing && !this.#isStored) return;
    this.#isStored = true;
    this.#journal.write((steps) => texts.record(steps));
  }

  /** After every (re)connection: what was typed meanwhile, what waits for a yes, and pictures of the blends. */
  async greet(): Promise<void> {
    await this.texts.settle();
    await this.writing.compareAgain();
    await this.drawing.load();
  }

  /** The readings that words of any of its texts come from, the undone steps included. */
  get heldReadings(): readonly string[] {
    return this.texts.history.entries.flatMap(({ state }) => readingsOf(state));
  }

  /** The blend becomes a work of the Studio, with A’s picture beside it. */
  async openInStudio(key: BlendKey): Promise<void> {
    const itemId = await this.drawing.keep(key);
    if (itemId !== null) await this.#options.opening.openById(itemId);
  }

  /** As a tool takes it, with what that tool would cut or ignore. */
  async copyAs(key: BlendKey, target: ExportTarget): Promise<void> {
    await this.texts.settle();
    const document = this.texts.document(key);
    if (document === null) return;
    const { text, notes } = await this.#client.prompts.export({ document, target, options: {} });
    if (await copyText(text)) this.#options.notices.tell(say('export.copied'), notes.join(' '));
    else this.#options.notices.tell(say('export.refused'), text);
  }

  /** Locks the words of a blend, or sets them free where all of them are locked: a locked word stays whoever writes. */
  async toggleLock(key: BlendKey, slotIds: readonly string[]): Promise<void> {
    const slots = this.texts.document(key)?.slots.filter(({ id }) => slotIds.includes(id)) ?? [];
    if (slots.length === 0) return;
    const locked = slots.some((slot) => slot.locked !== true);
    const label = say(locked ? 'blend.step.lock' : 'blend.step.unlock', { text: slots.map(({ text }) => text).join(' ') });
    await this.texts.edit(key, { type: 'lock', slotIds: [...slotIds], locked }, label);
  }
}
