import { readingOf } from '../../../../contract/texts/prompt.ts';
import type { Slot } from '../../../../contract/texts/prompt.ts';
import type { Alternative } from '../../../../contract/texts/reading.ts';
import { cutAtWord } from '../../../../contract/texts/cut-text.ts';
import { InOrder } from '../../core/in-order.ts';
import type { OpenWork } from '../open-work.svelte.ts';
import type { PromptEditing } from '../prompt-editing.svelte.ts';
import type { ReadingCache } from '../reading-cache.svelte.ts';
import { groupWords, runningText } from '../prompt-text.ts';
import { say } from '../../../language/say.ts';

/** Characters of the text on screen; `to` is exclusive. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What the commands need of the editor on screen. */
export interface EditorPort {
  /** With a token, the caret goes behind it. */
  focus(slotId?: string): void;
  /** Where a token stands in the window, or null when it is scrolled away. */
  coordinates(
    slotId: string,
  ): { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number } | null;
  /** Writes in place of tokens. */
  replace(slotIds: readonly string[], text: string): void;
  /** Writes the same in every one of these stretches of the text, which are in order. */
  write(stretches: readonly Stretch[], text: string): void;
  /** What finds the tokens in the selection, or at the caret, as they stand now; null while the focus is elsewhere. */
  selection(): (() => readonly string[]) | null;
  /** Selects tokens once they are on screen. */
  select(ids: readonly string[]): void;
}

/** Acts on the selected words, whatever they were asked by: keys, buttons or the alternatives. */
export class WordCommands {
  #selectedIds: readonly string[] = $state.raw([]);
  #openSlotId: string | null = $state(null);
  #editor: EditorPort | null = null;
  #said = $state('');
  readonly #acts = new InOrder();
  readonly #work: OpenWork;
  readonly #editing: PromptEditing;
  readonly #readings: ReadingCache;
  readonly #selected = $derived.by(() => this.#slots().filter((slot) => this.#selectedIds.includes(slot.id)));

  constructor(work: OpenWork, editing: PromptEditing, readings: ReadingCache) {
    this.#work = work;
    this.#readings = readings;
    this.#editing = editing;
  }

  #slots(): readonly Slot[] {
    return this.#work.document?.slots ?? [];
  }

  attach(editor: EditorPort): void {
    this.#editor = editor;
  }

  get editor(): EditorPort | null {
    return this.#editor;
  }

  /** The tokens that commands act on: the last selection, kept while the focus is on a button. */
  get selected(): readonly Slot[] {
    return this.#selected;
  }

  select(ids: readonly string[]): void {
    this.#selectedIds = ids;
  }

  /** Puts the focus on tokens in the editor. */
  show(ids: readonly string[]): void {
    this.#selectedIds = ids;
    this.#editor?.focus();
    this.#editor?.select(ids);
  }

  /** What just happened, for people who do not see it. */
  get said(): string {
    return this.#said;
  }

  /** The token whose alternatives are open, or null. */
  get openSlot(): Slot | null {
    return this.#slots().find((slot) => slot.id === this.#openSlotId) ?? null;
  }

  /** What was read at a token's place, the chosen token first; empty where nothing was, or while it is on its way. */
  alternatives(slot: Slot): readonly Alternative[] {
    return this.#readings.alternatives(this.#work.document, slot);
  }

  /** Whether a reading holds candidates for a token. */
  hasAlternatives(slot: Slot | undefined): boolean {
    const { document } = this.#work;
    return slot !== undefined && document !== null && readingOf(document, slot) !== null;
  }

  openAlternatives(slotId: string): void {
    this.#openSlotId = slotId;
    if (!this.#selectedIds.includes(slotId)) this.#selectedIds = [slotId];
  }

  closeAlternatives(): void {
    this.#openSlotId = null;
  }

  choose(slotId: string, tokenId: number): Promise<void> {
    const slot = this.#slots().find((one) => one.id === slotId);
    const alternative = slot && this.alternatives(slot).find((one) => one.tokenId === tokenId);
    if (slot === undefined || alternative === undefined || slot.tokenId === tokenId) return Promise.resolve();
    return this.#editing.apply(
      { type: 'choose-alternative', slotId, tokenId },
      say('history.step.becomes', { before: slot.text, after: alternative.text }),
    );
  }

  lock(): Promise<void> {
    return this.#act((slotIds, slots) => {
      const locked = !slots.every((slot) => slot.locked);
      const label = say(locked ? 'history.step.lock' : 'history.step.unlock', { words: nameOf(slots) });
      return this.#editing.apply({ type: 'lock', slotIds, locked }, label);
    });
  }

  mute(): Promise<void> {
    return this.#act((slotIds, slots) => {
      const muted = !slots.every((slot) => slot.muted);
      const label = say(muted ? 'history.step.mute' : 'history.step.unmute', { words: nameOf(slots) });
      return this.#editing.apply({ type: 'mute', slotIds, muted }, label);
    });
  }

  /** What the words were deleted with goes with them, and the focus goes to the words that stay. */
  async remove(): Promise<void> {
    this.closeAlternatives();
    await this.#act((slotIds, slots) =>
      this.#editing.apply({ type: 'delete', slotIds }, say('history.step.delete', { words: nameOf(slots) })),
    );
    this.#editor?.focus();
  }

  /** Moves the selected words one word towards the beginning or the end. */
  moveBy(direction: 1 | -1): Promise<void> {
    return this.#act((slotIds) => {
      const all = this.#slots();
      const next = beside(all, slotIds, direction);
      return next === null ? Promise.resolve() : this.#move(slotIds, next);
    });
  }

  /** Moves words to the place before the token with `beforeId`, or to the end with null. */
  moveBefore(slotIds: readonly string[], beforeId: string | null): Promise<void> {
    return this.#acts.run(async () => {
      await this.#editing.settle();
      const present = this.#slots().filter((slot) => slotIds.includes(slot.id));
      const staying = this.#slots().filter((slot) => !slotIds.includes(slot.id));
      const at = staying.findIndex((slot) => slot.id === beforeId);
      const toIndex = at < 0 ? staying.length : at;
      if (present.length > 0)
        await this.#move(
          present.map((slot) => slot.id),
          toIndex,
        );
    });
  }

  async #move(slotIds: readonly string[], toIndex: number): Promise<void> {
    const text = nameOf(this.#slots().filter((slot) => slotIds.includes(slot.id)));
    await this.#editing.apply(
      { type: 'move', slotIds: [...slotIds], toIndex },
      say('history.step.move', { text }),
      `move:${slotIds.join(' ')}`,
    );
    this.#selectedIds = slotIds;
    this.#editor?.select(slotIds);
    const words = groupWords(this.#slots());
    const at = words.findIndex((word) => word.some((slot) => slotIds.includes(slot.id)));
    this.#said = say('words.movedTo', { text, at: at + 1, count: words.length });
  }

  /** +1 or -1: each word one step of 0.05 from its own weight, between 0.1 and 2. */
  weigh(direction: 1 | -1): Promise<void> {
    return this.#act((slotIds, slots) =>
      this.#editing.apply(
        { type: 'step-weight', slotIds, steps: direction },
        say('history.step.weigh', { words: nameOf(slots) }),
        `weigh:${slotIds.join(' ')}`,
      ),
    );
  }

  /**
   * Acts one after the other, each on the words that were chosen when it was asked for, as the one before left them, and only
   * once typed words have become tokens: a word just written can be locked at once, two quick presses weigh twice, and the
   * caret may go on meanwhile.
   */
  async #act(act: (slotIds: string[], slots: readonly Slot[]) => Promise<void>): Promise<void> {
    const find = this.#editor?.selection() ?? ((): readonly string[] => this.#selectedIds);
    const chosen = this.#work.pendingText === null ? find() : this.#editing.settle().then(find);
    return this.#acts.run(async () => {
      const ids = await chosen;
      const slots = this.#slots().filter((slot) => ids.includes(slot.id));
      if (slots.length > 0)
        await act(
          slots.map((slot) => slot.id),
          slots,
        );
    });
  }
}

/** What words are called where a step of the history speaks of them: themselves, or the first of many. */
function nameOf(slots: readonly Slot[]): string {
  const most = 40;
  const text = runningText(slots);
  return cutAtWord(text, most);
}

/** How many of the other slots shall stand before the moved words, or null where they are at the end already. */
function beside(slots: readonly Slot[], slotIds: readonly string[], direction: 1 | -1): number | null {
  const words = groupWords(slots);
  const isMoved = (word: readonly Slot[] | undefined): boolean => word?.some((slot) => slotIds.includes(slot.id)) === true;
  const first = words.findIndex(isMoved);
  const last = words.findLastIndex(isMoved);
  const target = direction < 0 ? first - 1 : last + 1;
  if (words[target] === undefined) return null;
  const before = words.slice(0, direction < 0 ? target : target + 1).flat();
  return before.filter((slot) => !slotIds.includes(slot.id)).length;
}
