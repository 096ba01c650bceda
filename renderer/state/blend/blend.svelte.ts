import type { StudioClient } from '../../../contract/methods.ts';
import type { ExportTarget } from '../../../contract/texts/prompt.ts';
import type { GenerateSettings } from '../../../contract/recipe.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import { copyText } from '../../desktop/copy-text.ts';
import { collectGenerateSettings } from '../canvas/collect-generate-settings.ts';
import type { Page } from '../page.svelte.ts';
import { BlendDrawing } from './blend-drawing.svelte.ts';
import { BlendJournal } from './blend-journal.ts';
import { BlendMany } from './blend-many.svelte.ts';
import { BlendRefining } from './blend-refining.svelte.ts';
import { BlendSides } from './blend-sides.svelte.ts';
import { readingsOf } from './blend-state.ts';
import type { BlendKey } from './blend-state.ts';
import { BlendTexts } from './blend-texts.svelte.ts';
import { BlendWriting } from './blend-writing.svelte.ts';
import { say } from '../../language/say.ts';

/** What of the page it stands on. */
type Around = Pick<
  Page,
  | 'sources'
  | 'connection'
  | 'facts'
  | 'jobs'
  | 'notices'
  | 'work'
  | 'editing'
  | 'opening'
  | 'generateSettings'
  | 'preferences'
  | 'drawing'
  | 'drawPlace'
>;

/** Most tokens of a blend where the pack does not say how many it reads at. */
const usualLimit = 75;

/** Two pictures or texts become one: start at `texts` (what stands where), `writing` (how it comes about) and `drawing`. */
export class Blend {
  /** Tokens of the open blend at the caret or last selected: what locking acts on. */
  selected: readonly string[] = $state.raw([]);
  readonly texts: BlendTexts;
  readonly sides: BlendSides;
  readonly writing: BlendWriting;
  readonly refining: BlendRefining;
  readonly drawing: BlendDrawing;
  readonly many: BlendMany;
  readonly #client: StudioClient;
  readonly #journal: BlendJournal;
  readonly #page: Around;
  /** Something lies in the store already. */
  #isStored: boolean;

  constructor(page: Around) {
    this.#page = page;
    const { transport, store, now } = page.sources;
    const { connection, facts, jobs, notices } = page;
    const settings = (): GenerateSettings => page.generateSettings();
    const { client } = transport;
    this.#client = client;
    // A core that is away is told by the banner, and what is typed waits for it.
    const onFailure = (failure: unknown): void => {
      if (connection.connected) notices.fail(toErrorBody(failure));
    };
    this.texts = new BlendTexts(client, now, onFailure);
    this.sides = new BlendSides({ transport, facts, jobs, work: page.work, editing: page.editing, texts: this.texts });
    this.writing = new BlendWriting(client, this.texts, () => facts.lengths.at(-1) ?? usualLimit);
    this.refining = new BlendRefining({ texts: this.texts, writing: this.writing, jobs, notices });
    const { preferences, work, drawing, drawPlace } = page;
    this.drawing = new BlendDrawing({
      client,
      texts: this.texts,
      jobs,
      settings,
      drawer: () => ({
        connectionId: drawPlace.connectionId,
        settings: collectGenerateSettings({ preferences, work, drawing, facts: drawPlace }),
      }),
      onFailure: (failure) => notices.fail(failure),
    });
    this.many = new BlendMany({ transport, jobs, settings, lengths: () => facts.lengths, notices: page.notices });
    this.#journal = new BlendJournal(store);
    if (this.#journal.newer !== null) notices.fail(this.#journal.newer.toBody());
    const left = this.#journal.read();
    this.#isStored = left !== null;
    if (left === null) return;
    this.texts.restore(left);
    this.many.restore(left.many);
  }

  /** Writes everything down. Cheap enough to call after every change. */
  keep(): void {
    const { texts, many } = this;
    const isUntouched = texts.history.entries.length === 1 && Object.values(texts.pending).every((text) => text === null);
    const hasNothing = isUntouched && many.sources.length === 0 && !many.isOpen;
    if (hasNothing && !this.#isStored) return;
    this.#isStored = true;
    this.#journal.write((steps) => ({ ...texts.record(steps), many: many.record() }));
  }

  /** Everything that `keep` writes down. */
  get kept(): unknown {
    const { state, pending, written, proposed, order } = this.texts;
    return [state, pending, written, proposed, order, this.many.record()];
  }

  /** After every (re)connection: what was typed meanwhile, what waits for a yes, and pictures of the blends. */
  async greet(): Promise<void> {
    await this.texts.settle();
    await this.writing.compareAgain();
    await this.drawing.load();
    this.refining.load();
    await this.many.matrix.load();
  }

  /** The readings that words of any of its texts come from, the undone steps included. */
  get heldReadings(): readonly string[] {
    return this.texts.history.entries.flatMap(({ state }) => readingsOf(state));
  }

  /** The blend becomes a work of the Studio, with A’s picture beside it. */
  async openInStudio(key: BlendKey): Promise<void> {
    const itemId = await this.drawing.keep(key);
    if (itemId !== null) await this.#page.opening.openById(itemId);
  }

  /** As a tool takes it, with what that tool would cut or ignore. */
  async copyAs(key: BlendKey, target: ExportTarget): Promise<void> {
    await this.texts.settle();
    const document = this.texts.document(key);
    if (document === null) return;
    const { text, notes } = await this.#client.prompts.export({ document, target, options: {} });
    if (await copyText(text)) this.#page.notices.tell(say('export.copied'), notes.join(' '));
    else this.#page.notices.tell(say('export.refused'), text);
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
