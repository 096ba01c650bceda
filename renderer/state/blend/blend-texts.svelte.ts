import { builtInWriter, usualLanguage } from '../../../contract/texts/blend.ts';
import { cutText } from '../../../contract/texts/cut-text.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { PromptDocument, PromptEdit } from '../../../contract/texts/prompt.ts';
import { Debounce } from '../core/debounce.ts';
import { InOrder } from '../core/in-order.ts';
import { History } from '../text/history/history.svelte.ts';
import { locateSlots, runningText, wordsOf } from '../text/prompt-text.ts';
import type { Word } from '../text/prompt-text.ts';
import { readTyping } from '../text/read-typing.ts';
import { blendKeys, byPlaces, emptyBlend, isSide, noTexts, openText, ownKey, sideKeys } from './blend-state.ts';
import type {
  BlendedVersion,
  BlendKey,
  BlendOrder,
  BlendRecord,
  BlendSide,
  BlendState,
  BlendText,
  SideKey,
  TextKey,
} from './blend-state.ts';
import { say } from '../../language/say.ts';

const typingPauseMs = 350;
const firstOrder: BlendOrder = {
  open: 'aPlusB',
  writer: builtInWriter,
  templateId: 'blend',
  language: usualLanguage,
  instruction: '',
  length: null,
};

/** A text for the screen and the store; `typed` only where it reads differently from its tokens. */
export function asTyped(document: PromptDocument, text: string): BlendText {
  return { document, typed: text === runningText(document.slots) ? null : text };
}

/** After a reload equal sides are no longer the same objects. */
const hasSidesOf = (one: BlendState, other: BlendState): boolean =>
  sideKeys.every((key) => one[key] === other[key] || JSON.stringify(one[key]) === JSON.stringify(other[key]));

/** Both sides and both blends, with what is typed into them: undoable, and kept for the next time. */
export class BlendTexts {
  readonly history: History<BlendState>;
  #pending: BlendRecord['pending'] = $state.raw(noTexts);
  /** The acts of typing that what is typed now belongs to. */
  #typing: Readonly<Record<TextKey, string | null>> = noTexts;
  #order: BlendOrder = $state.raw(firstOrder);
  /** What a writer had written when it was broken off. */
  #written: BlendRecord['written'] = $state.raw(null);
  #proposed: BlendRecord['proposed'] = $state.raw({ aPlusB: null, bPlusA: null });
  readonly #pause = new Debounce();
  readonly #edits = new InOrder();
  readonly #client: StudioClient;
  readonly #onFailure: (failure: unknown) => void;

  /** @param onFailure hears why typing could not become tokens; it stays typed */
  constructor(client: StudioClient, now: () => number, onFailure: (failure: unknown) => void) {
    this.history = new History<BlendState>(emptyBlend, now);
    this.#client = client;
    this.#onFailure = onFailure;
  }

  get state(): BlendState {
    return this.history.present;
  }

  get order(): BlendOrder {
    return this.#order;
  }

  get pending(): BlendRecord['pending'] {
    return this.#pending;
  }

  get proposed(): BlendRecord['proposed'] {
    return this.#proposed;
  }

  get written(): BlendRecord['written'] {
    return this.#written;
  }

  /**
   * What rules or a model wrote of the same two texts before these were mixed place by place; null where nobody did, and where it stands
   * there itself.
   */
  writtenBefore(key: BlendKey): BlendedVersion | null {
    const { state } = this;
    if (state[key]?.writer !== byPlaces) return null;
    const { entries, index } = this.history;
    const before = entries.slice(0, index).findLast((entry) => entry.state[key]?.writer !== byPlaces)?.state;
    return before !== undefined && hasSidesOf(before, state) ? before[key] : null;
  }

  setOrder(change: Partial<BlendOrder>): void {
    this.#order = { ...this.#order, ...change };
  }

  keepWritten(written: BlendRecord['written']): void {
    this.#written = written;
  }

  propose(change: Partial<BlendRecord['proposed']>): void {
    this.#proposed = { ...this.#proposed, ...change };
  }

  side(key: SideKey): BlendSide | null {
    return this.state[key];
  }

  /** The text that stands under a key; null where nothing does. */
  held(key: TextKey): BlendText | null {
    return isSide(key) ? (openText(this.state[key], this.#order.length)?.text ?? null) : this.state[key];
  }

  document(key: TextKey): PromptDocument | null {
    return this.held(key)?.document ?? null;
  }

  /** The text on screen. While a person types, ahead of the document. */
  text(key: TextKey): string {
    return this.#pending[key] ?? this.#settled(key);
  }

  words(key: TextKey): readonly Word[] {
    return wordsOf(locateSlots(this.text(key), this.document(key)?.slots ?? []));
  }

  #settled(key: TextKey): string {
    const held = this.held(key);
    return held === null ? '' : (held.typed ?? runningText(held.document.slots));
  }

  /** The text as it now stands in its field. Becomes tokens after a pause. */
  type(key: TextKey, text: string): void {
    this.#pending = { ...this.#pending, [key]: text === this.#settled(key) ? null : text };
    this.#typing = { ...this.#typing, [key]: this.history.act(`type-${key}`) };
    this.#pause.run(() => void this.settle().catch(this.#onFailure), typingPauseMs);
  }

  /** Turns what was typed into tokens now; rejects as the core does, and then it is still there as typed. */
  settle(): Promise<void> {
    this.#pause.cancel();
    return this.#edits.run(async () => {
      for (const key of ['a', 'b', ...blendKeys] as const) await this.#settle(key);
    });
  }

  async #settle(key: TextKey): Promise<void> {
    const shown = this.#pending[key];
    if (shown === null) return;
    const before = this.document(key);
    const act = this.#typing[key];
    const isNothing = shown.trim() === '' && (before === null || !isSide(key) || this.state[key]?.image === null);
    const after = isNothing ? null : await this.#toDocument(key, before, shown);
    // Something else took its place meanwhile; what is typed now is seen to by the next pause.
    if (this.document(key) !== before) return;
    if (this.#pending[key] === shown) this.#pending = { ...this.#pending, [key]: null };
    this.#place(key, after === null ? null : asTyped(after, shown), act);
  }

  async #toDocument(key: TextKey, before: PromptDocument | null, shown: string): Promise<PromptDocument> {
    if (before === null) return this.#client.prompts.create({ text: shown });
    const { text } = readTyping(this.#settled(key), shown, before.slots);
    return this.#client.prompts.edit({ document: before, edit: { type: 'set-text', text } });
  }

  /** A text after an edit takes the place of the one under its key, as one step with what came of the same act. */
  #place(key: TextKey, text: BlendText | null, act: string | null): void {
    if (!isSide(key)) {
      this.setBlends({ [key]: text === null ? null : this.#ofHand(key, text) }, say('history.step.type'), act);
      return;
    }
    const side = this.state[key];
    if (text === null) this.#changeSide(key, null, say('history.step.type'), act);
    else {
      const at = openText(side, this.#order.length)?.key ?? ownKey;
      const title = side?.image == null ? cutText(text.typed ?? runningText(text.document.slots), 60) : side.title;
      const own: BlendSide = { title, image: side?.image ?? null, itemId: side?.itemId ?? null, texts: {} };
      this.#changeSide(key, { ...own, texts: { ...side?.texts, [at]: text } }, say('history.step.type'), act);
    }
  }

  #ofHand(key: BlendKey, text: BlendText): BlendedVersion {
    const { writer, warnings, builtIn } = this.state[key] ?? { writer: builtInWriter, warnings: [], builtIn: null };
    const by = writer === byPlaces ? builtInWriter : writer;
    return { ...text, checks: null, writer: by, warnings, builtIn, mix: null, itemId: null };
  }

  /** What is typed into it is let go. */
  setSide(key: SideKey, side: BlendSide | null, label: string): void {
    this.#changeSide(key, side, label, null);
    this.#pending = { ...this.#pending, [key]: null };
  }

  /** What the blends were checked against is another text now. */
  #changeSide(key: SideKey, side: BlendSide | null, label: string, act: string | null): void {
    const { aPlusB, bPlusA } = this.state;
    const unchecked = (one: BlendedVersion | null): BlendedVersion | null => (one === null ? null : { ...one, checks: null });
    const next = { ...this.state, [key]: side, aPlusB: unchecked(aPlusB), bPlusA: unchecked(bPlusA) };
    this.history.commit(next, label, act);
  }

  setBlends(change: Partial<Pick<BlendState, BlendKey>>, label: string, act: string | null = null): void {
    this.history.commit({ ...this.state, ...change }, label, act);
  }

  /** Facts about a blend that arrive late, such as its checks; no step. Nothing happens when its text is another by now. */
  amend(key: BlendKey, document: PromptDocument, change: Partial<BlendedVersion>): void {
    const blended = this.state[key];
    if (blended?.document === document) this.history.amend({ ...this.state, [key]: { ...blended, ...change } });
  }

  /** An edit of a blend that is no typing. */
  async edit(key: BlendKey, edit: PromptEdit, label: string): Promise<void> {
    await this.settle();
    await this.#edits.run(async () => {
      const before = this.state[key];
      if (before === null) return;
      const document = await this.#client.prompts.edit({ document: before.document, edit });
      // What is found out about the same text meanwhile, such as its checks, stays and is no reason to drop the edit.
      const now = this.state[key];
      if (now?.document === before.document) this.setBlends({ [key]: { ...now, document, itemId: null } }, label);
    });
  }

  exchange(): void {
    const { a, b } = this.state;
    const { a: typedA, b: typedB } = this.#pending;
    this.history.commit({ ...emptyBlend, a: b, b: a }, say('blend.step.exchange'));
    this.#pending = { ...noTexts, a: typedB, b: typedA };
  }

  clear(): void {
    this.history.commit(emptyBlend, say('blend.step.clear'));
    this.#pending = noTexts;
    this.#written = null;
    this.#proposed = { aPlusB: null, bPlusA: null };
  }

  get canUndo(): boolean {
    return this.history.canUndo || Object.values(this.#pending).some((text) => text !== null);
  }

  undo(): void {
    // Typing that has not become a step yet is taken back first, as any editor does.
    if (Object.values(this.#pending).some((text) => text !== null)) this.#pending = noTexts;
    else this.history.undo();
  }

  redo(): void {
    if (Object.values(this.#pending).every((text) => text === null)) this.history.redo();
  }

  record(steps: number): Omit<BlendRecord, 'many'> {
    const { entries, index } = this.history.record(steps);
    const [pending, written, proposed, order] = [this.#pending, this.#written, this.#proposed, this.#order];
    return { entries: [...entries], index, pending, written, proposed, order };
  }

  restore({ entries, index, pending, written, proposed, order }: BlendRecord): void {
    this.history.restore({ entries, index });
    this.#pending = pending;
    this.#written = written;
    this.#proposed = proposed;
    this.#order = order;
  }
}
