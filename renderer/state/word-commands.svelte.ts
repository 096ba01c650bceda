import type { Slot } from '../../contract/prompt.ts';
import type { Manuscript } from './manuscript.svelte.ts';
import type { PromptEditing } from './prompt-editing.svelte.ts';

/** What the commands need of the editor on screen. */
export interface EditorPort {
  focus(): void;
  /** Where a token stands in the window, or null when it is scrolled away. */
  coordinates(
    slotId: string,
  ): { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number } | null;
  insert(text: string): void;
}

const weightStep = 0.05;

/** Acts on the selected words, whatever they were asked by: keys, buttons or the alternatives. */
export class WordCommands {
  #selectedIds: readonly string[] = $state.raw([]);
  #openSlotId: string | null = $state(null);
  #editor: EditorPort | null = null;
  readonly #manuscript: Manuscript;
  readonly #editing: PromptEditing;
  readonly #selected = $derived.by(() => this.#slots().filter((slot) => this.#selectedIds.includes(slot.id)));

  constructor(manuscript: Manuscript, editing: PromptEditing) {
    this.#manuscript = manuscript;
    this.#editing = editing;
  }

  #slots(): readonly Slot[] {
    return this.#manuscript.document?.slots ?? [];
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

  /** The token whose alternatives are open, or null. */
  get openSlot(): Slot | null {
    return this.#slots().find((slot) => slot.id === this.#openSlotId) ?? null;
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
    const alternative = slot?.alternatives.find((one) => one.tokenId === tokenId);
    if (slot === undefined || alternative === undefined || slot.tokenId === tokenId) return Promise.resolve();
    return this.#editing.apply({ type: 'choose-alternative', slotId, tokenId }, `“${slot.text}” becomes “${alternative.text}”`);
  }

  lock(): void {
    const slotIds = this.#ids();
    const locked = !this.#selected.every((slot) => slot.locked);
    if (slotIds.length > 0) void this.#editing.apply({ type: 'lock', slotIds, locked }, locked ? 'Lock' : 'Unlock');
  }

  mute(): void {
    const slotIds = this.#ids();
    const muted = !this.#selected.every((slot) => slot.muted);
    if (slotIds.length > 0) void this.#editing.apply({ type: 'mute', slotIds, muted }, muted ? 'Mute' : 'Unmute');
  }

  remove(): void {
    const slotIds = this.#ids();
    this.closeAlternatives();
    if (slotIds.length > 0) void this.#editing.apply({ type: 'delete', slotIds }, 'Delete');
  }

  /** +1 or -1: one step of 0.05, between 0.1 and 2. Quick presses add up, each from where the last one led. */
  weigh(direction: 1 | -1): void {
    const slotIds = this.#ids();
    const first = this.#selected[0];
    if (first === undefined) return;
    const from = this.#weighing?.key === slotIds.join(' ') ? this.#weighing.weight : first.weight;
    const weight = Math.round(Math.min(2, Math.max(0.1, from + direction * weightStep)) * 100) / 100;
    const mine = { key: slotIds.join(' '), weight };
    this.#weighing = mine;
    void this.#editing.apply({ type: 'weigh', slotIds, weight }, 'Weigh', `weigh ${mine.key}`).then(() => {
      if (this.#weighing === mine) this.#weighing = null;
    });
  }

  #weighing: { readonly key: string; readonly weight: number } | null = null;

  #ids(): string[] {
    return this.#selected.map((slot) => slot.id);
  }
}
