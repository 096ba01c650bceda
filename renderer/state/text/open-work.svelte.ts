import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import { History } from './history/history.svelte.ts';
import type { HistoryRecord } from './history/history.svelte.ts';
import { locateSlots, runningText, wordsOf } from './prompt-text.ts';
import type { SlotRange, Word } from './prompt-text.ts';
import { emptySnapshot, handKey, isRead } from './snapshot.ts';
import type { Picture, Snapshot, Version } from './snapshot.ts';
import { say } from '../../language/say.ts';

/** @param staysOwn the own text stays on screen */
function withReadings(snapshot: Snapshot, read: Readonly<Record<string, Version>>, staysOwn: boolean): Snapshot {
  const own = snapshot.versions[handKey];
  const versions = own === undefined ? { ...read } : { ...read, [handKey]: own };
  const open = staysOwn ? handKey : read[snapshot.open] === undefined ? Object.keys(read).at(-1) : snapshot.open;
  return { ...snapshot, versions, open: open ?? snapshot.open };
}

/** The picture, its texts and their history: what the artist works on. Local and synchronous; it asks nobody. */
export class OpenWork {
  readonly history: History<Snapshot>;
  #pendingText: string | null = $state(null);
  readonly #text = $derived.by(() => this.#pendingText ?? this.#textOf(this.version));
  readonly #ranges = $derived.by(() => locateSlots(this.#text, this.document?.slots ?? []));
  readonly #words = $derived.by(() => wordsOf(this.#ranges));

  constructor(now: () => number) {
    this.history = new History<Snapshot>(emptySnapshot, now);
  }

  get snapshot(): Snapshot {
    return this.history.present;
  }

  get picture(): Picture | null {
    return this.snapshot.picture;
  }

  get version(): Version | null {
    return this.snapshot.versions[this.snapshot.open] ?? null;
  }

  get document(): PromptDocument | null {
    return this.version?.document ?? null;
  }

  /** The text on screen. While a person types, ahead of the document. */
  get text(): string {
    return this.#text;
  }

  /** The text on screen when the open document was made. */
  get settledText(): string {
    return this.#textOf(this.version);
  }

  /** Text typed that no document holds yet, or null. */
  get pendingText(): string | null {
    return this.#pendingText;
  }

  get ranges(): readonly SlotRange[] {
    return this.#ranges;
  }

  get words(): readonly Word[] {
    return this.#words;
  }

  #textOf(version: Version | null): string {
    return version === null ? '' : (version.typed ?? runningText(version.document.slots));
  }

  type(text: string): void {
    this.#pendingText = text === this.#textOf(this.version) ? null : text;
  }

  /** The open text becomes `document`. `typed` is how it reads on screen where that differs from its tokens. */
  revise(document: PromptDocument, label: string, typed: string | null, act: string | null = null): void {
    const before = this.version;
    const version: Version = {
      document,
      typed: typed === runningText(document.slots) ? null : typed,
      itemId: null,
      parentId: before?.itemId ?? before?.parentId ?? null,
    };
    if (typed !== null && typed === this.#pendingText) this.#pendingText = null;
    this.history.commit(this.#withOpen(version), label, act);
  }

  /** The core has kept exactly this document under `itemId`. */
  saved(document: PromptDocument, itemId: string): void {
    const version = this.version;
    if (version?.document === document) this.history.amend(this.#withOpen({ ...version, itemId }));
  }

  openPicture(picture: Picture, open: string): void {
    this.#pendingText = null;
    this.history.commit({ picture, versions: {}, open }, say('history.step.open', { title: picture.title }));
  }

  /** Opens a text the library holds, with the picture it was read from where there is one. */
  openText(picture: Picture | null, key: string, version: Version, title: string): void {
    this.#pendingText = null;
    this.history.commit({ picture, versions: { [key]: version }, open: key }, say('history.step.open', { title }));
  }

  /** An earlier text of the picture takes its place among the texts and is the one on screen. */
  openEarlier(key: string, version: Version, label: string): void {
    const { snapshot } = this;
    this.#pendingText = null;
    this.history.commit({ ...snapshot, versions: { ...snapshot.versions, [key]: version }, open: key }, label);
  }

  /** A text from elsewhere stands beside those of the picture, and is the one on screen. One undo takes it back. */
  takeText(document: PromptDocument, label: string): void {
    const { snapshot } = this;
    const version: Version = { document, typed: null, itemId: null, parentId: snapshot.picture?.itemId ?? null };
    this.#pendingText = null;
    this.history.commit({ ...snapshot, versions: { ...snapshot.versions, [handKey]: version }, open: handKey }, label);
  }

  /**
   * Gives the picture the texts that were read from it. An own text stays beside them, and on screen where a person came to it after they
   * had asked for the reading. A first reading belongs to the step that opened the picture.
   * @param askedAt the text that was on screen when the reading was asked for; null where there was none, or nobody knows any more
   */
  receiveReadings(imageSha256: string, read: Readonly<Record<string, Version>>, askedAt: Version | null): void {
    const { snapshot } = this;
    if (snapshot.picture?.sha256 !== imageSha256) return;
    const staysOwn = snapshot.open === handKey && this.version !== null && this.version !== askedAt;
    if (!staysOwn) this.#pendingText = null;
    if (askedAt !== null || isRead(snapshot)) {
      this.history.commit(withReadings(snapshot, read, staysOwn), say('history.step.readAgain'));
      return;
    }
    const lacksIt = (state: Snapshot): boolean => state.picture?.sha256 === imageSha256 && !isRead(state);
    this.history.amendAll((state) => (lacksIt(state) ? withReadings(state, read, state.versions[handKey] !== undefined) : state));
  }

  openVersion(key: string): void {
    if (key === this.snapshot.open) return;
    this.#pendingText = null;
    const label = key === handKey ? say('history.step.openOwn') : say('history.step.openLength', { length: key });
    this.history.commit({ ...this.snapshot, open: key }, label, this.history.act('open-version'));
  }

  undo(): void {
    // Typing that has not become a step yet is taken back first, as any editor does.
    if (this.#pendingText !== null) this.#pendingText = null;
    else this.history.undo();
  }

  redo(): void {
    if (this.#pendingText === null) this.history.redo();
  }

  /** Goes to a step of the history; what was typed since the last step is let go first, as undo does. */
  jump(index: number): void {
    this.#pendingText = null;
    this.history.jump(index);
  }

  restore(record: HistoryRecord<Snapshot>, pendingText: string | null): void {
    this.history.restore(record);
    this.#pendingText = pendingText;
  }

  /** Where nothing was read yet, what is written is an own text. */
  #withOpen(version: Version): Snapshot {
    const { snapshot } = this;
    const open = this.version === null ? handKey : snapshot.open;
    return { ...snapshot, versions: { ...snapshot.versions, [open]: version }, open };
  }
}
